create or replace function dfworx.reset_password(secret_hash text, password_hash text) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare whose uuid := dfworx.use_link(secret_hash, 'reset');
begin
  if whose is null then return null; end if;
  update dfworx.passwords set hash = password_hash where user_id = whose;
  update dfworx.mailed_links set used_at = now() where user_id = whose and purpose = 'reset' and used_at is null;
  update dfworx.sessions set revoked_at = now() where user_id = whose and revoked_at is null;
  return whose;
end
$$;
drop function dfworx.refresh_session, dfworx.refresh_family, dfworx.token_identity;
drop table dfworx.personal_tokens, dfworx.refresh_tokens;
alter table dfworx.sessions drop column kind;
