CREATE TABLE dfworx.organizations (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  slug varchar NOT NULL,
  name varchar NOT NULL,
  CONSTRAINT organizations_pkey PRIMARY KEY (id),
  CONSTRAINT organizations_slug_key UNIQUE (slug)
);

CREATE TABLE dfworx.users (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  email varchar NOT NULL,
  name varchar NOT NULL,
  is_server_admin BOOLEAN NOT NULL,
  deactivated_at timestamptz,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_email_key UNIQUE (email)
);

CREATE TABLE dfworx.audit_events (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  organization_id UUID,
  user_id UUID,
  membership_id UUID,
  session_id UUID,
  name varchar NOT NULL,
  about UUID,
  details JSONB NOT NULL,
  CONSTRAINT audit_events_pkey PRIMARY KEY (id),
  CONSTRAINT audit_events_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES dfworx.organizations (id)
);
CREATE INDEX audit_events_organization_id_created_at_id_index ON dfworx.audit_events (organization_id, created_at, id);

CREATE TABLE dfworx.memberships (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  organization_id UUID NOT NULL,
  user_id UUID,
  name varchar NOT NULL,
  role varchar NOT NULL,
  left_at timestamptz,
  origin varchar,
  CONSTRAINT memberships_pkey PRIMARY KEY (id),
  CONSTRAINT memberships_organization_id_user_id_key UNIQUE (organization_id, user_id),
  CONSTRAINT memberships_organization_id_origin_key UNIQUE (organization_id, origin),
  CONSTRAINT memberships_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES dfworx.organizations (id),
  CONSTRAINT memberships_user_id_fkey FOREIGN KEY(user_id) REFERENCES dfworx.users (id)
);
CREATE INDEX memberships_user_id_index ON dfworx.memberships (user_id);

CREATE TABLE dfworx.outbox (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  organization_id UUID,
  name varchar NOT NULL,
  payload JSONB NOT NULL,
  CONSTRAINT outbox_pkey PRIMARY KEY (id),
  CONSTRAINT outbox_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES dfworx.organizations (id)
);

CREATE TABLE dfworx.passwords (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  user_id UUID NOT NULL,
  hash varchar NOT NULL,
  CONSTRAINT passwords_pkey PRIMARY KEY (id),
  CONSTRAINT passwords_user_id_key UNIQUE (user_id),
  CONSTRAINT passwords_user_id_fkey FOREIGN KEY(user_id) REFERENCES dfworx.users (id)
);

CREATE TABLE dfworx.sessions (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  user_id UUID NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  user_agent varchar NOT NULL,
  address varchar NOT NULL,
  CONSTRAINT sessions_pkey PRIMARY KEY (id),
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY(user_id) REFERENCES dfworx.users (id)
);
CREATE INDEX sessions_user_id_index ON dfworx.sessions (user_id);

CREATE TABLE dfworx.invitations (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  organization_id UUID NOT NULL,
  token_hash varchar NOT NULL,
  role varchar NOT NULL,
  created_by UUID,
  expires_at timestamptz NOT NULL,
  max_uses INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  revoked_at timestamptz,
  CONSTRAINT invitations_pkey PRIMARY KEY (id),
  CONSTRAINT invitations_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES dfworx.organizations (id),
  CONSTRAINT invitations_token_hash_key UNIQUE (token_hash),
  CONSTRAINT invitations_created_by_fkey FOREIGN KEY(created_by) REFERENCES dfworx.memberships (id)
);
CREATE INDEX invitations_organization_id_index ON dfworx.invitations (organization_id);

CREATE TABLE dfworx.places (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  organization_id UUID NOT NULL,
  kind varchar NOT NULL,
  visibility varchar NOT NULL,
  name varchar NOT NULL,
  description TEXT NOT NULL,
  created_by UUID,
  archived_at timestamptz,
  origin varchar,
  CONSTRAINT places_pkey PRIMARY KEY (id),
  CONSTRAINT places_organization_id_origin_key UNIQUE (organization_id, origin),
  CONSTRAINT places_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES dfworx.organizations (id),
  CONSTRAINT places_created_by_fkey FOREIGN KEY(created_by) REFERENCES dfworx.memberships (id)
);
CREATE UNIQUE INDEX places_organization_id_name_key ON dfworx.places (organization_id, lower(name));

CREATE TABLE dfworx.place_members (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  organization_id UUID NOT NULL,
  place_id UUID NOT NULL,
  membership_id UUID NOT NULL,
  CONSTRAINT place_members_pkey PRIMARY KEY (id),
  CONSTRAINT place_members_place_id_membership_id_key UNIQUE (place_id, membership_id),
  CONSTRAINT place_members_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES dfworx.organizations (id),
  CONSTRAINT place_members_place_id_fkey FOREIGN KEY(place_id) REFERENCES dfworx.places (id),
  CONSTRAINT place_members_membership_id_fkey FOREIGN KEY(membership_id) REFERENCES dfworx.memberships (id)
);
CREATE INDEX place_members_membership_id_index ON dfworx.place_members (membership_id);

CREATE TABLE dfworx.threads (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  organization_id UUID NOT NULL,
  place_id UUID NOT NULL,
  title varchar NOT NULL,
  is_default BOOLEAN NOT NULL,
  last_seq INTEGER NOT NULL,
  version INTEGER NOT NULL,
  history_seq INTEGER NOT NULL,
  created_by UUID,
  last_message_at timestamptz,
  resolved_at timestamptz,
  resolved_by UUID,
  origin varchar,
  CONSTRAINT threads_pkey PRIMARY KEY (id),
  CONSTRAINT threads_organization_id_origin_key UNIQUE (organization_id, origin),
  CONSTRAINT threads_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES dfworx.organizations (id),
  CONSTRAINT threads_place_id_fkey FOREIGN KEY(place_id) REFERENCES dfworx.places (id),
  CONSTRAINT threads_created_by_fkey FOREIGN KEY(created_by) REFERENCES dfworx.memberships (id),
  CONSTRAINT threads_resolved_by_fkey FOREIGN KEY(resolved_by) REFERENCES dfworx.memberships (id)
);
CREATE UNIQUE INDEX threads_default_key ON dfworx.threads (place_id) WHERE is_default;
CREATE INDEX threads_place_id_last_message_at_index ON dfworx.threads (place_id, last_message_at);

CREATE TABLE dfworx.messages (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  organization_id UUID NOT NULL,
  thread_id UUID NOT NULL,
  author_id UUID NOT NULL,
  seq INTEGER NOT NULL,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  client_key UUID NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  reply_to_id UUID,
  edited_at timestamptz,
  deleted_at timestamptz,
  deleted_by UUID,
  moved_to UUID,
  CONSTRAINT messages_pkey PRIMARY KEY (id),
  CONSTRAINT messages_thread_id_seq_key UNIQUE (thread_id, seq),
  CONSTRAINT messages_organization_id_author_id_client_key_key UNIQUE (organization_id, author_id, client_key),
  CONSTRAINT messages_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES dfworx.organizations (id),
  CONSTRAINT messages_thread_id_fkey FOREIGN KEY(thread_id) REFERENCES dfworx.threads (id),
  CONSTRAINT messages_author_id_fkey FOREIGN KEY(author_id) REFERENCES dfworx.memberships (id),
  CONSTRAINT messages_reply_to_id_fkey FOREIGN KEY(reply_to_id) REFERENCES dfworx.messages (id),
  CONSTRAINT messages_deleted_by_fkey FOREIGN KEY(deleted_by) REFERENCES dfworx.memberships (id),
  CONSTRAINT messages_moved_to_fkey FOREIGN KEY(moved_to) REFERENCES dfworx.messages (id)
);
CREATE INDEX messages_organization_id_created_at_id_index ON dfworx.messages (organization_id, created_at, id);
CREATE INDEX messages_thread_id_version_index ON dfworx.messages (thread_id, version);

CREATE TABLE dfworx.read_markers (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  organization_id UUID NOT NULL,
  thread_id UUID NOT NULL,
  membership_id UUID NOT NULL,
  last_read_seq INTEGER NOT NULL,
  CONSTRAINT read_markers_pkey PRIMARY KEY (id),
  CONSTRAINT read_markers_membership_id_thread_id_key UNIQUE (membership_id, thread_id),
  CONSTRAINT read_markers_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES dfworx.organizations (id),
  CONSTRAINT read_markers_thread_id_fkey FOREIGN KEY(thread_id) REFERENCES dfworx.threads (id),
  CONSTRAINT read_markers_membership_id_fkey FOREIGN KEY(membership_id) REFERENCES dfworx.memberships (id)
);
CREATE INDEX read_markers_thread_id_index ON dfworx.read_markers (thread_id);

CREATE TABLE dfworx.message_revisions (
  id UUID NOT NULL,
  created_at timestamptz NOT NULL,
  organization_id UUID NOT NULL,
  message_id UUID NOT NULL,
  number INTEGER NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  replaced_by UUID,
  CONSTRAINT message_revisions_pkey PRIMARY KEY (id),
  CONSTRAINT message_revisions_message_id_number_key UNIQUE (message_id, number),
  CONSTRAINT message_revisions_organization_id_fkey FOREIGN KEY(organization_id) REFERENCES dfworx.organizations (id),
  CONSTRAINT message_revisions_message_id_fkey FOREIGN KEY(message_id) REFERENCES dfworx.messages (id),
  CONSTRAINT message_revisions_replaced_by_fkey FOREIGN KEY(replaced_by) REFERENCES dfworx.memberships (id)
);

