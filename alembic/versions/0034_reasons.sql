-- Whoever rejects, withdraws or deprecates says why. What an import brings in has ended elsewhere, and says what it says.
create function dfworx.guard_reason() returns trigger language plpgsql set search_path = ''
as $$
begin
  raise exception 'whoever ends a decision says why' using errcode = 'check_violation';
end
$$;
create trigger guard_reason before update on dfworx.decisions
  for each row when (new.status <> old.status and new.status in ('rejected', 'withdrawn', 'deprecated') and new.closing !~ '\S')
  execute function dfworx.guard_reason();
revoke execute on function dfworx.guard_reason from public;
