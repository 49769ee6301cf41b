drop index dfworx.threads_place_id_last_message_at_index;  -- the next one does its work
create index threads_place_id_activity_index
  on dfworx.threads (place_id, coalesce(last_message_at, created_at), id);
create index threads_organization_id_activity_index
  on dfworx.threads (organization_id, coalesce(last_message_at, created_at), id);
create index threads_title_words_index on dfworx.threads using gin (to_tsvector('simple', title));

-- The threads that the caller can see whose titles contain all words, the liveliest first: parts of words among the
-- liveliest 10,000, beginnings of words among all. Text search and LIKE are not leakproof: below row-level security they
-- could not use an index, so the function asks itself what the caller can see.
create function dfworx.find_threads(organization uuid, words text[], most integer) returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
  places uuid[] := dfworx.my_place_ids();
  parts text[] := (select array_agg('%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%')
                   from unnest(words) w);
  beginnings tsquery := (select to_tsquery('simple', string_agg('''' || w || ''':*', ' & '))
                         from (select translate(w, '\''', '') as w from unnest(words) w) marks where w <> '');
  found uuid[];
begin
  if organization <> all(dfworx.my_organization_ids()) then return; end if;
  found := array(
    select lively.id from (
      select t.id, t.title, t.place_id, coalesce(t.last_message_at, t.created_at) as active from dfworx.threads t
      where t.organization_id = organization order by coalesce(t.last_message_at, t.created_at) desc, t.id desc limit 10000
    ) lively
    where lively.place_id = any(places) and (parts is null or lower(lively.title) like all (parts))
    order by lively.active desc, lively.id desc limit most);
  return query select * from unnest(found);
  if parts is null or cardinality(found) >= most then return; end if;
  return query
    select t.id from dfworx.threads t
    where t.organization_id = organization and t.place_id = any(places) and t.id <> all(found)
      and to_tsvector('simple', t.title) @@ beginnings
    order by coalesce(t.last_message_at, t.created_at) desc, t.id desc limit most - cardinality(found);
end
$$;
revoke execute on function dfworx.find_threads from public;
grant execute on function dfworx.find_threads to authenticated;
