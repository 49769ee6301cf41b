drop function dfworx.admin_facts(uuid, uuid, uuid, uuid);
-- What decides whether a member may do something with a thread or a message; of neither the words.
create function dfworx.admin_facts(within uuid, member uuid, thread uuid, message uuid)
returns table (role text, left_at timestamptz, user_id uuid, place_id uuid, visibility text, archived_at timestamptz,
  is_added boolean, thread_id uuid, created_by uuid, origin text, resolved_at timestamptz, author_id uuid, kind text,
  deleted_at timestamptz, is_default boolean)
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
begin
  perform dfworx.admin_must(within);
  return query
  select m.role::text, m.left_at, m.user_id, p.id, p.visibility::text, p.archived_at,
    exists (select from dfworx.place_members pm where pm.place_id = p.id and pm.membership_id = m.id),
    t.id, t.created_by, t.origin::text, t.resolved_at, w.author_id, w.kind::text, w.deleted_at, t.is_default
  from dfworx.memberships m
  left join dfworx.messages w on w.id = message and w.organization_id = m.organization_id
  left join dfworx.threads t on t.id = coalesce(w.thread_id, thread) and t.organization_id = m.organization_id
  left join dfworx.places p on p.id = t.place_id
  where m.id = member and (within is null or m.organization_id = within);
end
$$;
revoke execute on function dfworx.admin_facts from public;
grant execute on function dfworx.admin_facts to authenticated;
