drop function dfworx.due_digests, dfworx.take_digest;
drop table dfworx.digests;
alter table dfworx.users drop column gets_digest;

grant execute on function dfworx.decision_words to authenticated;
create index decisions_words_index on dfworx.decisions using gin (dfworx.decision_words(title, chosen, drivers, outcome));

create or replace function dfworx.similar_decisions(organization uuid, words text, most integer) returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  places uuid[] := dfworx.my_place_ids();
  query tsquery := (select to_tsquery('english', string_agg(quote_literal(lexeme), ' | '))
                    from unnest(tsvector_to_array(to_tsvector('english', words))) lexeme);
begin
  if query is null or organization <> all(dfworx.my_organization_ids()) then return; end if;
  return query
    select d.id from dfworx.decisions d join dfworx.threads t on t.id = d.thread_id
    where d.organization_id = organization and t.place_id = any(places) and d.number is not null
      and dfworx.decision_words(d.title, d.chosen, d.drivers, d.outcome) @@ query
    order by ts_rank_cd(dfworx.decision_words(d.title, d.chosen, d.drivers, d.outcome), query, 1) desc, d.id desc
    limit most;
end
$$;

drop trigger keep_terms on dfworx.decisions;
drop function dfworx.keep_terms;
drop table dfworx.decision_terms;
drop table dfworx.known_terms;
drop schema if exists dfworx_extensions cascade;
