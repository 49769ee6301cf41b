create or replace function dfworx.find_threads(organization uuid, words text[], most integer) returns setof uuid
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
