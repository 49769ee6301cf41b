-- A thread that is the conversation about a decision: lists show it once something is said there, the palette shows the
-- decision in its place.
alter table dfworx.threads add column is_record boolean not null default false;

-- The release before this one, which may still be at work, does not say it. Goes with the release after this one.
create function dfworx.mark_conversation() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
  update dfworx.threads set is_record = true where id = new.thread_id and not is_record;
  return null;
end
$$;
create trigger mark_conversation after insert on dfworx.decisions
  for each row execute function dfworx.mark_conversation();
revoke execute on function dfworx.mark_conversation from public;
