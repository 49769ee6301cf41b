-- The migrated catalog; renew it with `python -m tests.infra.catalog` and read the difference.

-- tables
alembic_version: version_num character varying(32) not null
audit_events: about uuid
audit_events: created_at timestamp with time zone not null
audit_events: denied_times integer
audit_events: details jsonb not null
audit_events: id uuid not null
audit_events: membership_id uuid
audit_events: name character varying not null
audit_events: organization_id uuid
audit_events: session_id uuid
audit_events: user_id uuid
ballots: choices jsonb not null
ballots: created_at timestamp with time zone not null
ballots: decision_id uuid not null
ballots: id uuid not null
ballots: membership_id uuid not null
ballots: organization_id uuid not null
ballots: version integer not null
changed_settings: changed_at timestamp with time zone not null
changed_settings: changed_by uuid
changed_settings: name character varying not null
changed_settings: value text not null
citations: created_at timestamp with time zone not null
citations: id uuid not null
citations: message_id uuid not null
citations: number integer not null
citations: organization_id uuid not null
concern_replies: author_id uuid not null
concern_replies: concern_id uuid not null
concern_replies: created_at timestamp with time zone not null
concern_replies: html text not null
concern_replies: id uuid not null
concern_replies: organization_id uuid not null
concern_replies: source text not null
concerns: closed_at timestamp with time zone
concerns: closed_by uuid
concerns: created_at timestamp with time zone not null
concerns: decision_id uuid not null
concerns: html text not null
concerns: id uuid not null
concerns: organization_id uuid not null
concerns: owner_id uuid not null
concerns: reason text not null
concerns: source text not null
concerns: state character varying not null
concerns: title character varying not null
decision_askings: created_at timestamp with time zone not null
decision_askings: decision_id uuid not null
decision_askings: id uuid not null
decision_askings: membership_id uuid not null
decision_askings: organization_id uuid not null
decision_askings: reminded_at timestamp with time zone
decision_citations: created_at timestamp with time zone not null
decision_citations: decision_id uuid not null
decision_citations: id uuid not null
decision_citations: number integer not null
decision_citations: organization_id uuid not null
decision_history: changed_at timestamp with time zone not null
decision_history: created_at timestamp with time zone not null
decision_history: decision_id uuid not null
decision_history: id uuid not null
decision_history: organization_id uuid not null
decision_history: state jsonb not null
decision_revisions: content jsonb not null
decision_revisions: created_at timestamp with time zone not null
decision_revisions: decision_id uuid not null
decision_revisions: id uuid not null
decision_revisions: note text not null
decision_revisions: organization_id uuid not null
decision_revisions: version integer not null
decision_revisions: written_by uuid not null
decision_templates: comment_hours integer not null
decision_templates: created_at timestamp with time zone not null
decision_templates: explanation character varying not null
decision_templates: id uuid not null
decision_templates: is_anonymous boolean not null
decision_templates: is_business_days boolean not null
decision_templates: is_hidden boolean not null
decision_templates: name character varying not null
decision_templates: organization_id uuid not null
decision_templates: position integer not null
decision_templates: quorum_least integer not null
decision_templates: quorum_share integer not null
decision_templates: share integer not null
decision_terms: created_at timestamp with time zone not null
decision_terms: decision_id uuid not null
decision_terms: id uuid not null
decision_terms: organization_id uuid not null
decision_terms: terms tsvector not null
decisions: ballot character varying not null
decisions: channels jsonb not null
decisions: chosen character varying not null
decisions: closed_at timestamp with time zone
decisions: closing text not null
decisions: comment_ends_at timestamp with time zone
decisions: comment_hours integer not null
decisions: confirmation text not null
decisions: consequences text not null
decisions: consulted character varying not null
decisions: context text not null
decisions: created_at timestamp with time zone not null
decisions: created_by uuid not null
decisions: decider_id uuid
decisions: drivers text not null
decisions: id uuid not null
decisions: informed character varying not null
decisions: is_anonymous boolean not null
decisions: is_business_days boolean not null
decisions: is_hidden boolean not null
decisions: more text not null
decisions: number integer
decisions: options jsonb not null
decisions: organization_id uuid not null
decisions: origin character varying
decisions: outcome text not null
decisions: paths jsonb not null
decisions: proposed_at timestamp with time zone
decisions: quorum integer not null
decisions: replaces jsonb not null
decisions: review_on date
decisions: share integer not null
decisions: source_thread_id uuid
decisions: status character varying not null
decisions: superseded_by uuid
decisions: template character varying not null
decisions: thread_id uuid not null
decisions: title character varying not null
decisions: version integer not null
digests: created_at timestamp with time zone not null
digests: id uuid not null
digests: membership_id uuid not null
digests: organization_id uuid not null
digests: sent_at timestamp with time zone not null
evidence: created_at timestamp with time zone not null
evidence: decision_id uuid not null
evidence: id uuid not null
evidence: message_id uuid not null
evidence: organization_id uuid not null
evidence: position integer not null
evidence_snapshots: author_id uuid not null
evidence_snapshots: created_at timestamp with time zone not null
evidence_snapshots: evidence_id uuid not null
evidence_snapshots: html text not null
evidence_snapshots: id uuid not null
evidence_snapshots: organization_id uuid not null
evidence_snapshots: revision integer not null
evidence_snapshots: seq integer not null
evidence_snapshots: source text not null
evidence_snapshots: thread_id uuid not null
evidence_snapshots: written_at timestamp with time zone not null
imports: at_file integer not null
imports: at_message integer not null
imports: bytes bigint not null
imports: created_at timestamp with time zone not null
imports: digest character varying not null
imports: files integer not null
imports: finished_at timestamp with time zone
imports: folder character varying not null
imports: heartbeat_at timestamp with time zone
imports: id uuid not null
imports: kind character varying not null
imports: name character varying not null
imports: organization_id uuid not null
imports: problem text not null
imports: realm character varying not null
imports: report jsonb not null
imports: runner uuid
imports: senders jsonb not null
imports: started_at timestamp with time zone
imports: started_by uuid
imports: state character varying not null
invitations: created_at timestamp with time zone not null
invitations: created_by uuid
invitations: email character varying not null
invitations: expires_at timestamp with time zone not null
invitations: id uuid not null
invitations: max_uses integer not null
invitations: organization_id uuid not null
invitations: revoked_at timestamp with time zone
invitations: role character varying not null
invitations: token_hash character varying not null
invitations: uses integer not null
known_terms: created_at timestamp with time zone not null
known_terms: id uuid not null
known_terms: organization_id uuid not null
known_terms: term character varying not null
ledger: created_at timestamp with time zone not null
ledger: decision_id uuid not null
ledger: digest character varying not null
ledger: happened character varying not null
ledger: id uuid not null
ledger: organization_id uuid not null
ledger: position integer not null
ledger: previous character varying not null
ledger: record text not null
mailed_links: created_at timestamp with time zone not null
mailed_links: expires_at timestamp with time zone not null
mailed_links: id uuid not null
mailed_links: purpose character varying not null
mailed_links: token_hash character varying not null
mailed_links: used_at timestamp with time zone
mailed_links: user_id uuid not null
mailed_notices: created_at timestamp with time zone not null
mailed_notices: decision_id uuid
mailed_notices: id uuid not null
mailed_notices: kind character varying not null
mailed_notices: mailed_at timestamp with time zone
mailed_notices: membership_id uuid not null
mailed_notices: occasion uuid not null
mailed_notices: organization_id uuid not null
memberships: claimant_id uuid
memberships: claimed_by uuid
memberships: created_at timestamp with time zone not null
memberships: id uuid not null
memberships: left_at timestamp with time zone
memberships: name character varying not null
memberships: organization_id uuid not null
memberships: origin character varying
memberships: role character varying not null
memberships: user_id uuid
message_revisions: created_at timestamp with time zone not null
message_revisions: html text not null
message_revisions: id uuid not null
message_revisions: message_id uuid not null
message_revisions: number integer not null
message_revisions: organization_id uuid not null
message_revisions: replaced_by uuid
message_revisions: source text not null
messages: author_id uuid not null
messages: client_key uuid not null
messages: created_at timestamp with time zone not null
messages: deleted_at timestamp with time zone
messages: deleted_by uuid
messages: edited_at timestamp with time zone
messages: html text not null
messages: id uuid not null
messages: kind character varying not null
messages: moved_to uuid
messages: organization_id uuid not null
messages: reply_to_id uuid
messages: revision integer not null
messages: seq integer not null
messages: source text not null
messages: thread_id uuid not null
messages: version integer not null
organizations: created_at timestamp with time zone not null
organizations: id uuid not null
organizations: name character varying not null
organizations: slug character varying not null
outbox: correlation_id character varying not null
outbox: created_at timestamp with time zone not null
outbox: id uuid not null
outbox: name character varying not null
outbox: organization_id uuid
outbox: payload jsonb not null
passwords: created_at timestamp with time zone not null
passwords: hash character varying not null
passwords: id uuid not null
passwords: user_id uuid not null
personal_tokens: created_at timestamp with time zone not null
personal_tokens: expires_at timestamp with time zone not null
personal_tokens: id uuid not null
personal_tokens: last_used_at timestamp with time zone
personal_tokens: name character varying not null
personal_tokens: organization_id uuid
personal_tokens: revoked_at timestamp with time zone
personal_tokens: scope character varying not null
personal_tokens: token_hash character varying not null
personal_tokens: user_id uuid not null
place_members: created_at timestamp with time zone not null
place_members: id uuid not null
place_members: membership_id uuid not null
place_members: organization_id uuid not null
place_members: place_id uuid not null
places: archived_at timestamp with time zone
places: created_at timestamp with time zone not null
places: created_by uuid
places: description text not null
places: id uuid not null
places: kind character varying not null
places: name character varying not null
places: organization_id uuid not null
places: origin character varying
places: visibility character varying not null
positions: created_at timestamp with time zone not null
positions: decision_id uuid not null
positions: id uuid not null
positions: is_late boolean not null
positions: membership_id uuid not null
positions: organization_id uuid not null
positions: reason text not null
positions: stand character varying not null
positions: version integer not null
read_markers: created_at timestamp with time zone not null
read_markers: id uuid not null
read_markers: last_read_seq integer not null
read_markers: membership_id uuid not null
read_markers: organization_id uuid not null
read_markers: thread_id uuid not null
refresh_tokens: created_at timestamp with time zone not null
refresh_tokens: id uuid not null
refresh_tokens: session_id uuid not null
refresh_tokens: spent_at timestamp with time zone
refresh_tokens: token_hash character varying not null
refresh_tokens: user_id uuid not null
registers: created_at timestamp with time zone not null
registers: entries integer not null
registers: head character varying not null
registers: id uuid not null
registers: numbers integer not null
registers: organization_id uuid not null
samples: at timestamp with time zone not null
samples: dead integer not null
samples: disk_used real not null
samples: errors integer not null
samples: messages bigint not null
samples: outbox integer not null
samples: p50_ms real
samples: p95_ms real
samples: people integer not null
samples: requests integer not null
samples: sockets integer not null
samples: source character varying not null
samples: step character varying not null
samples: waiting integer not null
sessions: address character varying not null
sessions: created_at timestamp with time zone not null
sessions: expires_at timestamp with time zone not null
sessions: id uuid not null
sessions: kind character varying not null
sessions: last_seen_at timestamp with time zone not null
sessions: revoked_at timestamp with time zone
sessions: user_agent character varying not null
sessions: user_id uuid not null
stale_marks: because_id uuid not null
stale_marks: cleared_at timestamp with time zone
stale_marks: cleared_by uuid
stale_marks: created_at timestamp with time zone not null
stale_marks: decision_id uuid
stale_marks: id uuid not null
stale_marks: organization_id uuid not null
stale_marks: thread_id uuid
taggings: created_at timestamp with time zone not null
taggings: id uuid not null
taggings: kind character varying not null
taggings: organization_id uuid not null
taggings: subject_id uuid not null
taggings: tag_id uuid not null
taggings: tagged_by uuid
tags: category character varying not null
tags: color character varying not null
tags: created_at timestamp with time zone not null
tags: id uuid not null
tags: name character varying not null
tags: organization_id uuid not null
threads: created_at timestamp with time zone not null
threads: created_by uuid
threads: history_seq integer not null
threads: id uuid not null
threads: is_default boolean not null
threads: is_record boolean not null
threads: last_message_at timestamp with time zone
threads: last_seq integer not null
threads: organization_id uuid not null
threads: origin character varying
threads: place_id uuid not null
threads: resolved_at timestamp with time zone
threads: resolved_by uuid
threads: title character varying not null
threads: version integer not null
users: created_at timestamp with time zone not null
users: deactivated_at timestamp with time zone
users: email character varying not null
users: email_verified_at timestamp with time zone
users: gets_digest boolean not null
users: id uuid not null
users: is_server_admin boolean not null
users: name character varying not null
users: shows_presence boolean not null

-- constraints
dfworx.alembic_version: alembic_version_pkc PRIMARY KEY (version_num)
dfworx.audit_events: audit_events_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.audit_events: audit_events_pkey PRIMARY KEY (id)
dfworx.ballots: ballots_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.ballots: ballots_membership_id_fkey FOREIGN KEY (membership_id) REFERENCES dfworx.memberships(id)
dfworx.ballots: ballots_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.ballots: ballots_pkey PRIMARY KEY (id)
dfworx.changed_settings: changed_settings_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES dfworx.users(id)
dfworx.changed_settings: changed_settings_pkey PRIMARY KEY (name)
dfworx.citations: citations_message_id_fkey FOREIGN KEY (message_id) REFERENCES dfworx.messages(id) ON DELETE CASCADE
dfworx.citations: citations_message_id_number_key UNIQUE (message_id, number)
dfworx.citations: citations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.citations: citations_pkey PRIMARY KEY (id)
dfworx.concern_replies: concern_replies_author_id_fkey FOREIGN KEY (author_id) REFERENCES dfworx.memberships(id)
dfworx.concern_replies: concern_replies_concern_id_fkey FOREIGN KEY (concern_id) REFERENCES dfworx.concerns(id)
dfworx.concern_replies: concern_replies_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.concern_replies: concern_replies_pkey PRIMARY KEY (id)
dfworx.concern_replies: concern_replies_source_check CHECK ((source <> ''::text))
dfworx.concerns: concerns_check CHECK ((((state)::text = 'open'::text) = (closed_at IS NULL)))
dfworx.concerns: concerns_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES dfworx.memberships(id)
dfworx.concerns: concerns_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.concerns: concerns_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.concerns: concerns_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES dfworx.memberships(id)
dfworx.concerns: concerns_pkey PRIMARY KEY (id)
dfworx.concerns: concerns_state_check CHECK (((state)::text = ANY ((ARRAY['open'::character varying, 'withdrawn'::character varying, 'resolved'::character varying])::text[])))
dfworx.decision_askings: decision_askings_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.decision_askings: decision_askings_decision_id_membership_id_key UNIQUE (decision_id, membership_id)
dfworx.decision_askings: decision_askings_membership_id_fkey FOREIGN KEY (membership_id) REFERENCES dfworx.memberships(id)
dfworx.decision_askings: decision_askings_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.decision_askings: decision_askings_pkey PRIMARY KEY (id)
dfworx.decision_citations: decision_citations_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.decision_citations: decision_citations_decision_id_number_key UNIQUE (decision_id, number)
dfworx.decision_citations: decision_citations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.decision_citations: decision_citations_pkey PRIMARY KEY (id)
dfworx.decision_history: decision_history_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.decision_history: decision_history_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.decision_history: decision_history_pkey PRIMARY KEY (id)
dfworx.decision_revisions: decision_revisions_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.decision_revisions: decision_revisions_decision_id_version_key UNIQUE (decision_id, version)
dfworx.decision_revisions: decision_revisions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.decision_revisions: decision_revisions_pkey PRIMARY KEY (id)
dfworx.decision_revisions: decision_revisions_written_by_fkey FOREIGN KEY (written_by) REFERENCES dfworx.memberships(id)
dfworx.decision_revisions: guard_revision TRIGGER DEFERRABLE INITIALLY DEFERRED
dfworx.decision_templates: decision_templates_comment_hours_check CHECK ((comment_hours >= 0))
dfworx.decision_templates: decision_templates_name_check CHECK (((length((name)::text) >= 1) AND (length((name)::text) <= 60)))
dfworx.decision_templates: decision_templates_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.decision_templates: decision_templates_pkey PRIMARY KEY (id)
dfworx.decision_templates: decision_templates_quorum_least_check CHECK ((quorum_least >= 0))
dfworx.decision_templates: decision_templates_quorum_share_check CHECK (((quorum_share >= 0) AND (quorum_share <= 100)))
dfworx.decision_templates: decision_templates_share_check CHECK (((share >= 0) AND (share <= 100)))
dfworx.decision_terms: decision_terms_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.decision_terms: decision_terms_decision_id_key UNIQUE (decision_id)
dfworx.decision_terms: decision_terms_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.decision_terms: decision_terms_pkey PRIMARY KEY (id)
dfworx.decisions: decisions_ballot_check CHECK (((ballot)::text = ANY ((ARRAY[''::character varying, 'score'::character varying, 'ranked'::character varying])::text[])))
dfworx.decisions: decisions_check CHECK ((((status)::text = ANY ((ARRAY['draft'::character varying, 'withdrawn'::character varying])::text[])) OR (number IS NOT NULL)))
dfworx.decisions: decisions_check1 CHECK ((((status)::text = 'final_comment'::text) <= (comment_ends_at IS NOT NULL)))
dfworx.decisions: decisions_check2 CHECK ((((status)::text = 'superseded'::text) = (superseded_by IS NOT NULL)))
dfworx.decisions: decisions_comment_hours_check CHECK ((comment_hours >= 0))
dfworx.decisions: decisions_created_by_fkey FOREIGN KEY (created_by) REFERENCES dfworx.memberships(id)
dfworx.decisions: decisions_decider_id_fkey FOREIGN KEY (decider_id) REFERENCES dfworx.memberships(id)
dfworx.decisions: decisions_number_check CHECK ((number > 0))
dfworx.decisions: decisions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.decisions: decisions_organization_id_number_key UNIQUE (organization_id, number)
dfworx.decisions: decisions_organization_id_origin_key UNIQUE (organization_id, origin)
dfworx.decisions: decisions_pkey PRIMARY KEY (id)
dfworx.decisions: decisions_quorum_check CHECK ((quorum >= 0))
dfworx.decisions: decisions_share_check CHECK (((share >= 0) AND (share <= 100)))
dfworx.decisions: decisions_source_thread_id_fkey FOREIGN KEY (source_thread_id) REFERENCES dfworx.threads(id)
dfworx.decisions: decisions_status_check CHECK (((status)::text = ANY ((ARRAY['draft'::character varying, 'proposed'::character varying, 'final_comment'::character varying, 'accepted'::character varying, 'rejected'::character varying, 'withdrawn'::character varying, 'superseded'::character varying, 'deprecated'::character varying])::text[])))
dfworx.decisions: decisions_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES dfworx.decisions(id)
dfworx.decisions: decisions_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES dfworx.threads(id)
dfworx.decisions: guard_kept TRIGGER DEFERRABLE INITIALLY DEFERRED
dfworx.digests: digests_membership_id_fkey FOREIGN KEY (membership_id) REFERENCES dfworx.memberships(id)
dfworx.digests: digests_membership_id_key UNIQUE (membership_id)
dfworx.digests: digests_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.digests: digests_pkey PRIMARY KEY (id)
dfworx.evidence: evidence_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.evidence: evidence_decision_id_message_id_key UNIQUE (decision_id, message_id)
dfworx.evidence: evidence_message_id_fkey FOREIGN KEY (message_id) REFERENCES dfworx.messages(id)
dfworx.evidence: evidence_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.evidence: evidence_pkey PRIMARY KEY (id)
dfworx.evidence_snapshots: evidence_snapshots_author_id_fkey FOREIGN KEY (author_id) REFERENCES dfworx.memberships(id)
dfworx.evidence_snapshots: evidence_snapshots_evidence_id_fkey FOREIGN KEY (evidence_id) REFERENCES dfworx.evidence(id)
dfworx.evidence_snapshots: evidence_snapshots_evidence_id_key UNIQUE (evidence_id)
dfworx.evidence_snapshots: evidence_snapshots_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.evidence_snapshots: evidence_snapshots_pkey PRIMARY KEY (id)
dfworx.evidence_snapshots: evidence_snapshots_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES dfworx.threads(id)
dfworx.imports: imports_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.imports: imports_pkey PRIMARY KEY (id)
dfworx.imports: imports_started_by_fkey FOREIGN KEY (started_by) REFERENCES dfworx.memberships(id)
dfworx.imports: imports_state_check CHECK (((state)::text = ANY ((ARRAY['waiting'::character varying, 'running'::character varying, 'stopping'::character varying, 'stopped'::character varying, 'done'::character varying, 'failed'::character varying, 'discarded'::character varying])::text[])))
dfworx.invitations: invitations_created_by_fkey FOREIGN KEY (created_by) REFERENCES dfworx.memberships(id)
dfworx.invitations: invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.invitations: invitations_pkey PRIMARY KEY (id)
dfworx.invitations: invitations_token_hash_key UNIQUE (token_hash)
dfworx.known_terms: known_terms_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.known_terms: known_terms_pkey PRIMARY KEY (id)
dfworx.ledger: guard_counted TRIGGER DEFERRABLE INITIALLY DEFERRED
dfworx.ledger: ledger_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.ledger: ledger_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.ledger: ledger_organization_id_position_key UNIQUE (organization_id, "position")
dfworx.ledger: ledger_pkey PRIMARY KEY (id)
dfworx.mailed_links: mailed_links_pkey PRIMARY KEY (id)
dfworx.mailed_links: mailed_links_purpose_check CHECK (((purpose)::text = ANY ((ARRAY['verify'::character varying, 'reset'::character varying])::text[])))
dfworx.mailed_links: mailed_links_token_hash_key UNIQUE (token_hash)
dfworx.mailed_links: mailed_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES dfworx.users(id)
dfworx.mailed_notices: mailed_notices_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.mailed_notices: mailed_notices_membership_id_fkey FOREIGN KEY (membership_id) REFERENCES dfworx.memberships(id)
dfworx.mailed_notices: mailed_notices_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.mailed_notices: mailed_notices_pkey PRIMARY KEY (id)
dfworx.memberships: memberships_claimant_id_fkey FOREIGN KEY (organization_id, claimant_id) REFERENCES dfworx.memberships(organization_id, id)
dfworx.memberships: memberships_claimed_by_fkey FOREIGN KEY (organization_id, claimed_by) REFERENCES dfworx.memberships(organization_id, id)
dfworx.memberships: memberships_claimed_check CHECK (((user_id IS NULL) OR ((claimed_by IS NULL) AND (claimant_id IS NULL))))
dfworx.memberships: memberships_decided_check CHECK (((claimed_by IS NULL) OR (claimant_id IS NULL)))
dfworx.memberships: memberships_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.memberships: memberships_organization_id_id_key UNIQUE (organization_id, id)
dfworx.memberships: memberships_organization_id_origin_key UNIQUE (organization_id, origin)
dfworx.memberships: memberships_organization_id_user_id_key UNIQUE (organization_id, user_id)
dfworx.memberships: memberships_pkey PRIMARY KEY (id)
dfworx.memberships: memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES dfworx.users(id)
dfworx.message_revisions: message_revisions_message_id_fkey FOREIGN KEY (message_id) REFERENCES dfworx.messages(id)
dfworx.message_revisions: message_revisions_message_id_number_key UNIQUE (message_id, number)
dfworx.message_revisions: message_revisions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.message_revisions: message_revisions_pkey PRIMARY KEY (id)
dfworx.message_revisions: message_revisions_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES dfworx.memberships(id)
dfworx.messages: messages_author_id_fkey FOREIGN KEY (author_id) REFERENCES dfworx.memberships(id)
dfworx.messages: messages_deleted_by_fkey FOREIGN KEY (deleted_by) REFERENCES dfworx.memberships(id)
dfworx.messages: messages_moved_to_fkey FOREIGN KEY (moved_to) REFERENCES dfworx.messages(id)
dfworx.messages: messages_organization_id_author_id_client_key_key UNIQUE (organization_id, author_id, client_key)
dfworx.messages: messages_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.messages: messages_pkey PRIMARY KEY (id)
dfworx.messages: messages_reply_to_id_fkey FOREIGN KEY (reply_to_id) REFERENCES dfworx.messages(id)
dfworx.messages: messages_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES dfworx.threads(id)
dfworx.messages: messages_thread_id_seq_key UNIQUE (thread_id, seq)
dfworx.organizations: organizations_pkey PRIMARY KEY (id)
dfworx.organizations: organizations_slug_key UNIQUE (slug)
dfworx.outbox: outbox_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.outbox: outbox_pkey PRIMARY KEY (id)
dfworx.passwords: passwords_pkey PRIMARY KEY (id)
dfworx.passwords: passwords_user_id_fkey FOREIGN KEY (user_id) REFERENCES dfworx.users(id)
dfworx.passwords: passwords_user_id_key UNIQUE (user_id)
dfworx.personal_tokens: personal_tokens_check CHECK ((expires_at <= (created_at + '367 days'::interval)))
dfworx.personal_tokens: personal_tokens_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.personal_tokens: personal_tokens_pkey PRIMARY KEY (id)
dfworx.personal_tokens: personal_tokens_scope_check CHECK (((scope)::text = ANY ((ARRAY['read'::character varying, 'write'::character varying, 'admin'::character varying])::text[])))
dfworx.personal_tokens: personal_tokens_token_hash_key UNIQUE (token_hash)
dfworx.personal_tokens: personal_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES dfworx.users(id)
dfworx.place_members: place_members_membership_id_fkey FOREIGN KEY (membership_id) REFERENCES dfworx.memberships(id)
dfworx.place_members: place_members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.place_members: place_members_pkey PRIMARY KEY (id)
dfworx.place_members: place_members_place_id_fkey FOREIGN KEY (place_id) REFERENCES dfworx.places(id)
dfworx.place_members: place_members_place_id_membership_id_key UNIQUE (place_id, membership_id)
dfworx.places: places_created_by_fkey FOREIGN KEY (created_by) REFERENCES dfworx.memberships(id)
dfworx.places: places_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.places: places_organization_id_origin_key UNIQUE (organization_id, origin)
dfworx.places: places_pkey PRIMARY KEY (id)
dfworx.positions: positions_check CHECK ((((stand)::text <> 'disagree'::text) OR (reason <> ''::text)))
dfworx.positions: positions_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.positions: positions_membership_id_fkey FOREIGN KEY (membership_id) REFERENCES dfworx.memberships(id)
dfworx.positions: positions_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.positions: positions_pkey PRIMARY KEY (id)
dfworx.positions: positions_stand_check CHECK (((stand)::text = ANY ((ARRAY['agree'::character varying, 'abstain'::character varying, 'disagree'::character varying])::text[])))
dfworx.read_markers: read_markers_membership_id_fkey FOREIGN KEY (membership_id) REFERENCES dfworx.memberships(id)
dfworx.read_markers: read_markers_membership_id_thread_id_key UNIQUE (membership_id, thread_id)
dfworx.read_markers: read_markers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.read_markers: read_markers_pkey PRIMARY KEY (id)
dfworx.read_markers: read_markers_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES dfworx.threads(id)
dfworx.refresh_tokens: refresh_tokens_pkey PRIMARY KEY (id)
dfworx.refresh_tokens: refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES dfworx.sessions(id)
dfworx.refresh_tokens: refresh_tokens_token_hash_key UNIQUE (token_hash)
dfworx.refresh_tokens: refresh_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES dfworx.users(id)
dfworx.registers: guard_number TRIGGER DEFERRABLE INITIALLY DEFERRED
dfworx.registers: registers_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.registers: registers_organization_id_key UNIQUE (organization_id)
dfworx.registers: registers_pkey PRIMARY KEY (id)
dfworx.samples: samples_pkey PRIMARY KEY (step, at, source)
dfworx.samples: samples_step_check CHECK (((step)::text = ANY ((ARRAY['minute'::character varying, 'hour'::character varying])::text[])))
dfworx.sessions: sessions_kind_check CHECK (((kind)::text = ANY ((ARRAY['browser'::character varying, 'api'::character varying])::text[])))
dfworx.sessions: sessions_pkey PRIMARY KEY (id)
dfworx.sessions: sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES dfworx.users(id)
dfworx.stale_marks: stale_marks_because_id_decision_id_key UNIQUE (because_id, decision_id)
dfworx.stale_marks: stale_marks_because_id_fkey FOREIGN KEY (because_id) REFERENCES dfworx.decisions(id)
dfworx.stale_marks: stale_marks_because_id_thread_id_key UNIQUE (because_id, thread_id)
dfworx.stale_marks: stale_marks_check CHECK ((num_nonnulls(decision_id, thread_id) = 1))
dfworx.stale_marks: stale_marks_cleared_by_fkey FOREIGN KEY (cleared_by) REFERENCES dfworx.memberships(id)
dfworx.stale_marks: stale_marks_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES dfworx.decisions(id)
dfworx.stale_marks: stale_marks_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.stale_marks: stale_marks_pkey PRIMARY KEY (id)
dfworx.stale_marks: stale_marks_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES dfworx.threads(id)
dfworx.taggings: taggings_kind_check CHECK (((kind)::text = ANY ((ARRAY['thread'::character varying, 'decision'::character varying])::text[])))
dfworx.taggings: taggings_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.taggings: taggings_pkey PRIMARY KEY (id)
dfworx.taggings: taggings_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES dfworx.tags(id) ON DELETE CASCADE
dfworx.taggings: taggings_tag_id_kind_subject_id_key UNIQUE (tag_id, kind, subject_id)
dfworx.taggings: taggings_tagged_by_fkey FOREIGN KEY (tagged_by) REFERENCES dfworx.memberships(id)
dfworx.tags: tags_category_check CHECK (((category)::text = ANY ((ARRAY['app'::character varying, 'topic'::character varying, 'decision'::character varying, 'status'::character varying, 'priority'::character varying])::text[])))
dfworx.tags: tags_color_check CHECK (((color)::text = ANY ((ARRAY['gray'::character varying, 'red'::character varying, 'orange'::character varying, 'yellow'::character varying, 'green'::character varying, 'teal'::character varying, 'blue'::character varying, 'purple'::character varying])::text[])))
dfworx.tags: tags_name_check CHECK (((length((name)::text) >= 1) AND (length((name)::text) <= 40)))
dfworx.tags: tags_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.tags: tags_pkey PRIMARY KEY (id)
dfworx.threads: threads_created_by_fkey FOREIGN KEY (created_by) REFERENCES dfworx.memberships(id)
dfworx.threads: threads_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES dfworx.organizations(id)
dfworx.threads: threads_organization_id_origin_key UNIQUE (organization_id, origin)
dfworx.threads: threads_pkey PRIMARY KEY (id)
dfworx.threads: threads_place_id_fkey FOREIGN KEY (place_id) REFERENCES dfworx.places(id)
dfworx.threads: threads_resolved_by_fkey FOREIGN KEY (resolved_by) REFERENCES dfworx.memberships(id)
dfworx.users: users_email_key UNIQUE (email)
dfworx.users: users_pkey PRIMARY KEY (id)

-- indexes
CREATE INDEX audit_events_about_created_at_id_index ON dfworx.audit_events USING btree (about, created_at, id)
CREATE INDEX audit_events_created_at_id_index ON dfworx.audit_events USING btree (created_at, id)
CREATE INDEX audit_events_denied_index ON dfworx.audit_events USING btree (created_at, id) WHERE (denied_times IS NOT NULL)
CREATE INDEX audit_events_denied_organization_index ON dfworx.audit_events USING btree (organization_id, created_at, id) WHERE (denied_times IS NOT NULL)
CREATE INDEX audit_events_denied_user_index ON dfworx.audit_events USING btree (user_id, created_at, id) WHERE (denied_times IS NOT NULL)
CREATE INDEX audit_events_name_created_at_id_index ON dfworx.audit_events USING btree (name, created_at, id)
CREATE INDEX audit_events_organization_id_created_at_id_index ON dfworx.audit_events USING btree (organization_id, created_at, id)
CREATE INDEX audit_events_organization_id_name_created_at_id_index ON dfworx.audit_events USING btree (organization_id, name, created_at, id)
CREATE INDEX audit_events_user_id_created_at_id_index ON dfworx.audit_events USING btree (user_id, created_at, id)
CREATE INDEX audit_events_user_id_name_created_at_id_index ON dfworx.audit_events USING btree (user_id, name, created_at, id)
CREATE INDEX ballots_decision_id_membership_id_id_index ON dfworx.ballots USING btree (decision_id, membership_id, id)
CREATE INDEX ballots_membership_id_index ON dfworx.ballots USING btree (membership_id)
CREATE INDEX citations_organization_id_number_index ON dfworx.citations USING btree (organization_id, number)
CREATE INDEX concern_replies_author_id_index ON dfworx.concern_replies USING btree (author_id)
CREATE INDEX concern_replies_concern_id_id_index ON dfworx.concern_replies USING btree (concern_id, id)
CREATE INDEX concerns_closed_by_index ON dfworx.concerns USING btree (closed_by)
CREATE INDEX concerns_decision_id_index ON dfworx.concerns USING btree (decision_id)
CREATE INDEX concerns_owner_id_index ON dfworx.concerns USING btree (owner_id)
CREATE INDEX decision_askings_membership_id_index ON dfworx.decision_askings USING btree (membership_id)
CREATE INDEX decision_citations_organization_id_number_index ON dfworx.decision_citations USING btree (organization_id, number)
CREATE INDEX decision_history_decision_id_created_at_index ON dfworx.decision_history USING btree (decision_id, created_at)
CREATE INDEX decision_history_organization_id_created_at_index ON dfworx.decision_history USING btree (organization_id, created_at)
CREATE INDEX decision_revisions_written_by_index ON dfworx.decision_revisions USING btree (written_by)
CREATE INDEX decision_terms_terms_index ON dfworx.decision_terms USING gin (terms)
CREATE INDEX decisions_comment_ends_at_index ON dfworx.decisions USING btree (comment_ends_at) WHERE ((status)::text = 'final_comment'::text)
CREATE INDEX decisions_created_by_index ON dfworx.decisions USING btree (created_by)
CREATE INDEX decisions_decider_id_index ON dfworx.decisions USING btree (decider_id)
CREATE INDEX decisions_organization_id_status_index ON dfworx.decisions USING btree (organization_id, status)
CREATE INDEX decisions_source_thread_id_index ON dfworx.decisions USING btree (source_thread_id)
CREATE INDEX decisions_superseded_by_index ON dfworx.decisions USING btree (superseded_by)
CREATE INDEX evidence_message_id_index ON dfworx.evidence USING btree (message_id)
CREATE INDEX evidence_snapshots_author_id_index ON dfworx.evidence_snapshots USING btree (author_id)
CREATE INDEX evidence_snapshots_thread_id_index ON dfworx.evidence_snapshots USING btree (thread_id)
CREATE INDEX imports_organization_id_created_at_id_index ON dfworx.imports USING btree (organization_id, created_at, id)
CREATE INDEX imports_started_by_index ON dfworx.imports USING btree (started_by)
CREATE INDEX invitations_created_at_index ON dfworx.invitations USING btree (created_at, id)
CREATE INDEX invitations_organization_id_index ON dfworx.invitations USING btree (organization_id)
CREATE INDEX known_terms_organization_id_term_index ON dfworx.known_terms USING btree (organization_id, term)
CREATE INDEX known_terms_term_index ON dfworx.known_terms USING gin (term dfworx_extensions.gin_trgm_ops)
CREATE INDEX ledger_decision_id_index ON dfworx.ledger USING btree (decision_id)
CREATE INDEX mailed_links_user_id_index ON dfworx.mailed_links USING btree (user_id)
CREATE INDEX mailed_notices_decision_id_index ON dfworx.mailed_notices USING btree (decision_id)
CREATE INDEX mailed_notices_membership_id_index ON dfworx.mailed_notices USING btree (membership_id)
CREATE INDEX memberships_claimant_id_index ON dfworx.memberships USING btree (claimant_id) WHERE (claimant_id IS NOT NULL)
CREATE INDEX memberships_claimed_by_index ON dfworx.memberships USING btree (claimed_by) WHERE (claimed_by IS NOT NULL)
CREATE INDEX memberships_user_id_index ON dfworx.memberships USING btree (user_id)
CREATE INDEX messages_organization_id_created_at_id_index ON dfworx.messages USING btree (organization_id, created_at, id)
CREATE INDEX messages_thread_id_version_index ON dfworx.messages USING btree (thread_id, version)
CREATE INDEX organizations_name_index ON dfworx.organizations USING btree (lower((name)::text), id)
CREATE INDEX personal_tokens_organization_id_index ON dfworx.personal_tokens USING btree (organization_id)
CREATE INDEX personal_tokens_user_id_index ON dfworx.personal_tokens USING btree (user_id)
CREATE INDEX place_members_membership_id_index ON dfworx.place_members USING btree (membership_id)
CREATE INDEX positions_decision_id_membership_id_id_index ON dfworx.positions USING btree (decision_id, membership_id, id)
CREATE INDEX positions_membership_id_index ON dfworx.positions USING btree (membership_id)
CREATE INDEX read_markers_thread_id_index ON dfworx.read_markers USING btree (thread_id)
CREATE INDEX refresh_tokens_session_id_index ON dfworx.refresh_tokens USING btree (session_id)
CREATE INDEX refresh_tokens_user_id_index ON dfworx.refresh_tokens USING btree (user_id)
CREATE INDEX sessions_user_id_index ON dfworx.sessions USING btree (user_id)
CREATE INDEX stale_marks_cleared_by_index ON dfworx.stale_marks USING btree (cleared_by)
CREATE INDEX stale_marks_decision_id_index ON dfworx.stale_marks USING btree (decision_id)
CREATE INDEX stale_marks_thread_id_index ON dfworx.stale_marks USING btree (thread_id)
CREATE INDEX taggings_kind_subject_id_index ON dfworx.taggings USING btree (kind, subject_id)
CREATE INDEX taggings_tagged_by_index ON dfworx.taggings USING btree (tagged_by)
CREATE INDEX threads_organization_id_activity_index ON dfworx.threads USING btree (organization_id, COALESCE(last_message_at, created_at), id)
CREATE INDEX threads_place_id_activity_index ON dfworx.threads USING btree (place_id, COALESCE(last_message_at, created_at), id)
CREATE INDEX threads_title_words_index ON dfworx.threads USING gin (to_tsvector('simple'::regconfig, (title)::text))
CREATE INDEX users_name_index ON dfworx.users USING btree (lower((name)::text), id)
CREATE UNIQUE INDEX alembic_version_pkc ON dfworx.alembic_version USING btree (version_num)
CREATE UNIQUE INDEX audit_events_pkey ON dfworx.audit_events USING btree (id)
CREATE UNIQUE INDEX ballots_pkey ON dfworx.ballots USING btree (id)
CREATE UNIQUE INDEX changed_settings_pkey ON dfworx.changed_settings USING btree (name)
CREATE UNIQUE INDEX citations_message_id_number_key ON dfworx.citations USING btree (message_id, number)
CREATE UNIQUE INDEX citations_pkey ON dfworx.citations USING btree (id)
CREATE UNIQUE INDEX concern_replies_pkey ON dfworx.concern_replies USING btree (id)
CREATE UNIQUE INDEX concerns_pkey ON dfworx.concerns USING btree (id)
CREATE UNIQUE INDEX decision_askings_decision_id_membership_id_key ON dfworx.decision_askings USING btree (decision_id, membership_id)
CREATE UNIQUE INDEX decision_askings_pkey ON dfworx.decision_askings USING btree (id)
CREATE UNIQUE INDEX decision_citations_decision_id_number_key ON dfworx.decision_citations USING btree (decision_id, number)
CREATE UNIQUE INDEX decision_citations_pkey ON dfworx.decision_citations USING btree (id)
CREATE UNIQUE INDEX decision_history_pkey ON dfworx.decision_history USING btree (id)
CREATE UNIQUE INDEX decision_revisions_decision_id_version_key ON dfworx.decision_revisions USING btree (decision_id, version)
CREATE UNIQUE INDEX decision_revisions_pkey ON dfworx.decision_revisions USING btree (id)
CREATE UNIQUE INDEX decision_templates_organization_id_name_key ON dfworx.decision_templates USING btree (organization_id, lower((name)::text))
CREATE UNIQUE INDEX decision_templates_pkey ON dfworx.decision_templates USING btree (id)
CREATE UNIQUE INDEX decision_terms_decision_id_key ON dfworx.decision_terms USING btree (decision_id)
CREATE UNIQUE INDEX decision_terms_pkey ON dfworx.decision_terms USING btree (id)
CREATE UNIQUE INDEX decisions_organization_id_number_key ON dfworx.decisions USING btree (organization_id, number)
CREATE UNIQUE INDEX decisions_organization_id_origin_key ON dfworx.decisions USING btree (organization_id, origin)
CREATE UNIQUE INDEX decisions_pkey ON dfworx.decisions USING btree (id)
CREATE UNIQUE INDEX decisions_thread_id_key ON dfworx.decisions USING btree (thread_id)
CREATE UNIQUE INDEX digests_membership_id_key ON dfworx.digests USING btree (membership_id)
CREATE UNIQUE INDEX digests_pkey ON dfworx.digests USING btree (id)
CREATE UNIQUE INDEX evidence_decision_id_message_id_key ON dfworx.evidence USING btree (decision_id, message_id)
CREATE UNIQUE INDEX evidence_pkey ON dfworx.evidence USING btree (id)
CREATE UNIQUE INDEX evidence_snapshots_evidence_id_key ON dfworx.evidence_snapshots USING btree (evidence_id)
CREATE UNIQUE INDEX evidence_snapshots_pkey ON dfworx.evidence_snapshots USING btree (id)
CREATE UNIQUE INDEX imports_active_key ON dfworx.imports USING btree (organization_id) WHERE ((state)::text = ANY ((ARRAY['waiting'::character varying, 'running'::character varying, 'stopping'::character varying])::text[]))
CREATE UNIQUE INDEX imports_pkey ON dfworx.imports USING btree (id)
CREATE UNIQUE INDEX invitations_pkey ON dfworx.invitations USING btree (id)
CREATE UNIQUE INDEX invitations_token_hash_key ON dfworx.invitations USING btree (token_hash)
CREATE UNIQUE INDEX known_terms_pkey ON dfworx.known_terms USING btree (id)
CREATE UNIQUE INDEX ledger_organization_id_position_key ON dfworx.ledger USING btree (organization_id, "position")
CREATE UNIQUE INDEX ledger_pkey ON dfworx.ledger USING btree (id)
CREATE UNIQUE INDEX mailed_links_pkey ON dfworx.mailed_links USING btree (id)
CREATE UNIQUE INDEX mailed_links_token_hash_key ON dfworx.mailed_links USING btree (token_hash)
CREATE UNIQUE INDEX mailed_notices_pkey ON dfworx.mailed_notices USING btree (id)
CREATE UNIQUE INDEX memberships_organization_id_id_key ON dfworx.memberships USING btree (organization_id, id)
CREATE UNIQUE INDEX memberships_organization_id_origin_key ON dfworx.memberships USING btree (organization_id, origin)
CREATE UNIQUE INDEX memberships_organization_id_user_id_key ON dfworx.memberships USING btree (organization_id, user_id)
CREATE UNIQUE INDEX memberships_pkey ON dfworx.memberships USING btree (id)
CREATE UNIQUE INDEX message_revisions_message_id_number_key ON dfworx.message_revisions USING btree (message_id, number)
CREATE UNIQUE INDEX message_revisions_pkey ON dfworx.message_revisions USING btree (id)
CREATE UNIQUE INDEX messages_organization_id_author_id_client_key_key ON dfworx.messages USING btree (organization_id, author_id, client_key)
CREATE UNIQUE INDEX messages_pkey ON dfworx.messages USING btree (id)
CREATE UNIQUE INDEX messages_thread_id_seq_key ON dfworx.messages USING btree (thread_id, seq)
CREATE UNIQUE INDEX organizations_pkey ON dfworx.organizations USING btree (id)
CREATE UNIQUE INDEX organizations_slug_key ON dfworx.organizations USING btree (slug)
CREATE UNIQUE INDEX outbox_pkey ON dfworx.outbox USING btree (id)
CREATE UNIQUE INDEX passwords_pkey ON dfworx.passwords USING btree (id)
CREATE UNIQUE INDEX passwords_user_id_key ON dfworx.passwords USING btree (user_id)
CREATE UNIQUE INDEX personal_tokens_pkey ON dfworx.personal_tokens USING btree (id)
CREATE UNIQUE INDEX personal_tokens_token_hash_key ON dfworx.personal_tokens USING btree (token_hash)
CREATE UNIQUE INDEX place_members_pkey ON dfworx.place_members USING btree (id)
CREATE UNIQUE INDEX place_members_place_id_membership_id_key ON dfworx.place_members USING btree (place_id, membership_id)
CREATE UNIQUE INDEX places_organization_id_name_key ON dfworx.places USING btree (organization_id, lower((name)::text))
CREATE UNIQUE INDEX places_organization_id_origin_key ON dfworx.places USING btree (organization_id, origin)
CREATE UNIQUE INDEX places_pkey ON dfworx.places USING btree (id)
CREATE UNIQUE INDEX positions_pkey ON dfworx.positions USING btree (id)
CREATE UNIQUE INDEX read_markers_membership_id_thread_id_key ON dfworx.read_markers USING btree (membership_id, thread_id)
CREATE UNIQUE INDEX read_markers_pkey ON dfworx.read_markers USING btree (id)
CREATE UNIQUE INDEX refresh_tokens_pkey ON dfworx.refresh_tokens USING btree (id)
CREATE UNIQUE INDEX refresh_tokens_token_hash_key ON dfworx.refresh_tokens USING btree (token_hash)
CREATE UNIQUE INDEX registers_organization_id_key ON dfworx.registers USING btree (organization_id)
CREATE UNIQUE INDEX registers_pkey ON dfworx.registers USING btree (id)
CREATE UNIQUE INDEX samples_pkey ON dfworx.samples USING btree (step, at, source)
CREATE UNIQUE INDEX sessions_pkey ON dfworx.sessions USING btree (id)
CREATE UNIQUE INDEX stale_marks_because_id_decision_id_key ON dfworx.stale_marks USING btree (because_id, decision_id)
CREATE UNIQUE INDEX stale_marks_because_id_thread_id_key ON dfworx.stale_marks USING btree (because_id, thread_id)
CREATE UNIQUE INDEX stale_marks_pkey ON dfworx.stale_marks USING btree (id)
CREATE UNIQUE INDEX taggings_pkey ON dfworx.taggings USING btree (id)
CREATE UNIQUE INDEX taggings_tag_id_kind_subject_id_key ON dfworx.taggings USING btree (tag_id, kind, subject_id)
CREATE UNIQUE INDEX tags_organization_id_category_name_key ON dfworx.tags USING btree (organization_id, category, lower((name)::text))
CREATE UNIQUE INDEX tags_pkey ON dfworx.tags USING btree (id)
CREATE UNIQUE INDEX threads_default_key ON dfworx.threads USING btree (place_id) WHERE is_default
CREATE UNIQUE INDEX threads_organization_id_origin_key ON dfworx.threads USING btree (organization_id, origin)
CREATE UNIQUE INDEX threads_pkey ON dfworx.threads USING btree (id)
CREATE UNIQUE INDEX users_email_key ON dfworx.users USING btree (email)
CREATE UNIQUE INDEX users_pkey ON dfworx.users USING btree (id)

-- row-level security
alembic_version: enabled false, forced false, owner dfworx_owner
audit_events: enabled true, forced true, owner dfworx_owner
ballots: enabled true, forced true, owner dfworx_owner
changed_settings: enabled true, forced true, owner dfworx_owner
citations: enabled true, forced true, owner dfworx_owner
concern_replies: enabled true, forced true, owner dfworx_owner
concerns: enabled true, forced true, owner dfworx_owner
decision_askings: enabled true, forced true, owner dfworx_owner
decision_citations: enabled true, forced true, owner dfworx_owner
decision_history: enabled true, forced true, owner dfworx_owner
decision_revisions: enabled true, forced true, owner dfworx_owner
decision_templates: enabled true, forced true, owner dfworx_owner
decision_terms: enabled true, forced true, owner dfworx_owner
decisions: enabled true, forced true, owner dfworx_owner
digests: enabled true, forced true, owner dfworx_owner
evidence: enabled true, forced true, owner dfworx_owner
evidence_snapshots: enabled true, forced true, owner dfworx_owner
imports: enabled true, forced true, owner dfworx_owner
invitations: enabled true, forced true, owner dfworx_owner
known_terms: enabled true, forced true, owner dfworx_owner
ledger: enabled true, forced true, owner dfworx_owner
mailed_links: enabled true, forced true, owner dfworx_owner
mailed_notices: enabled true, forced true, owner dfworx_owner
memberships: enabled true, forced true, owner dfworx_owner
message_revisions: enabled true, forced true, owner dfworx_owner
messages: enabled true, forced true, owner dfworx_owner
organizations: enabled true, forced true, owner dfworx_owner
outbox: enabled true, forced true, owner dfworx_owner
passwords: enabled true, forced true, owner dfworx_owner
personal_tokens: enabled true, forced true, owner dfworx_owner
place_members: enabled true, forced true, owner dfworx_owner
places: enabled true, forced true, owner dfworx_owner
positions: enabled true, forced true, owner dfworx_owner
read_markers: enabled true, forced true, owner dfworx_owner
refresh_tokens: enabled true, forced true, owner dfworx_owner
registers: enabled true, forced true, owner dfworx_owner
samples: enabled true, forced true, owner dfworx_owner
sessions: enabled true, forced true, owner dfworx_owner
stale_marks: enabled true, forced true, owner dfworx_owner
taggings: enabled true, forced true, owner dfworx_owner
tags: enabled true, forced true, owner dfworx_owner
threads: enabled true, forced true, owner dfworx_owner
users: enabled true, forced true, owner dfworx_owner

-- policies
audit_events: own permissive for insert to authenticated check (COALESCE((user_id = ( SELECT dfworx.my_user_id() AS my_user_id)), (( SELECT dfworx.am_system() AS am_system) OR ( SELECT dfworx.am_server() AS am_server))) AND ((organization_id IS NULL) OR (organization_id = ANY (( SELECT dfworx.my_organization_ids_ever() AS my_organization_ids_ever)::uuid[])) OR ( SELECT dfworx.am_server_admin() AS am_server_admin)))
audit_events: own_or_admins permissive for select to authenticated using ((user_id = ( SELECT dfworx.my_user_id() AS my_user_id)) OR (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text]) AS my_organization_ids_as)::uuid[])) OR ( SELECT dfworx.am_server_admin() AS am_server_admin))
ballots: asked restrictive for insert to authenticated check ((EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = ballots.decision_id) AND (d.version = ballots.version) AND ((d.status)::text = ANY ((ARRAY['proposed'::character varying, 'final_comment'::character varying])::text[]))))) AND ((NOT (EXISTS ( SELECT FROM dfworx.decision_askings a WHERE (a.decision_id = ballots.decision_id)))) OR (EXISTS ( SELECT FROM dfworx.decision_askings a WHERE ((a.decision_id = ballots.decision_id) AND (a.membership_id = ballots.membership_id))))))
ballots: own restrictive for insert to authenticated check (membership_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[]))
ballots: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
ballots: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = ballots.decision_id))) check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = ballots.decision_id) AND (d.organization_id = ballots.organization_id))))
changed_settings: everybody permissive for select to anon, authenticated using true
changed_settings: server_admins permissive for all to authenticated using ( SELECT dfworx.am_server_admin() AS am_server_admin) check ( SELECT dfworx.am_server_admin() AS am_server_admin)
citations: authors_delete restrictive for delete to authenticated using (EXISTS ( SELECT FROM dfworx.messages m WHERE ((m.id = citations.message_id) AND ((m.author_id = ANY (( SELECT dfworx.my_author_ids() AS my_author_ids)::uuid[])) OR (m.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[]))))))
citations: authors_insert restrictive for insert to authenticated check (EXISTS ( SELECT FROM dfworx.messages m WHERE ((m.id = citations.message_id) AND ((m.author_id = ANY (( SELECT dfworx.my_author_ids() AS my_author_ids)::uuid[])) OR (m.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[]))))))
citations: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
citations: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.messages m WHERE (m.id = citations.message_id))) check (EXISTS ( SELECT FROM dfworx.messages m WHERE ((m.id = citations.message_id) AND (m.organization_id = citations.organization_id))))
concern_replies: own restrictive for insert to authenticated check (author_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[]))
concern_replies: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
concern_replies: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.concerns c WHERE (c.id = concern_replies.concern_id))) check (EXISTS ( SELECT FROM dfworx.concerns c WHERE ((c.id = concern_replies.concern_id) AND (c.organization_id = concern_replies.organization_id) AND ((c.state)::text = 'open'::text))))
concerns: closers restrictive for update to authenticated using (((state)::text = 'open'::text) AND ((owner_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = concerns.decision_id) AND ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[])) OR ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['member'::text]) AS my_organization_ids_as)::uuid[])) AND (d.decider_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[]))))))))) check ((((state)::text = 'open'::text) AND (closed_by IS NULL) AND (reason = ''::text)) OR ((closed_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) AND (reason <> ''::text) AND (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = concerns.decision_id) AND ((d.status)::text = ANY ((ARRAY['draft'::character varying, 'proposed'::character varying, 'final_comment'::character varying])::text[])) AND CASE concerns.state WHEN 'withdrawn'::text THEN (concerns.owner_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) ELSE ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[])) OR ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['member'::text]) AS my_organization_ids_as)::uuid[])) AND (d.decider_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])))) END)))))
concerns: own restrictive for insert to authenticated check (owner_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[]))
concerns: raised restrictive for insert to authenticated check (((state)::text = 'open'::text) AND (closed_by IS NULL) AND (reason = ''::text) AND (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = concerns.decision_id) AND ((d.status)::text = ANY ((ARRAY['proposed'::character varying, 'final_comment'::character varying])::text[]))))))
concerns: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
concerns: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = concerns.decision_id))) check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = concerns.decision_id) AND (d.organization_id = concerns.organization_id))))
decision_askings: drafters restrictive for insert to authenticated check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = decision_askings.decision_id) AND ((d.status)::text = ANY ((ARRAY['draft'::character varying, 'proposed'::character varying, 'final_comment'::character varying])::text[])) AND ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[])) OR CASE WHEN ((d.status)::text = 'draft'::text) THEN (d.created_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) ELSE ((d.decider_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) AND (d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['member'::text]) AS my_organization_ids_as)::uuid[]))) END))))
decision_askings: system restrictive for update to authenticated using ( SELECT dfworx.am_system() AS am_system)
decision_askings: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
decision_askings: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = decision_askings.decision_id))) check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = decision_askings.decision_id) AND (d.organization_id = decision_askings.organization_id))))
decision_citations: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
decision_citations: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = decision_citations.decision_id))) check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = decision_citations.decision_id) AND (d.organization_id = decision_citations.organization_id))))
decision_citations: writers_delete restrictive for delete to authenticated using (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = decision_citations.decision_id) AND ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[])) OR ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['member'::text]) AS my_organization_ids_as)::uuid[])) AND (((d.status)::text = 'draft'::text) OR (d.decider_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR (((d.status)::text = ANY ((ARRAY['proposed'::character varying, 'final_comment'::character varying])::text[])) AND (d.created_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])))))))))
decision_citations: writers_insert restrictive for insert to authenticated check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = decision_citations.decision_id) AND ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[])) OR ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['member'::text]) AS my_organization_ids_as)::uuid[])) AND (((d.status)::text = 'draft'::text) OR (d.decider_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR (((d.status)::text = ANY ((ARRAY['proposed'::character varying, 'final_comment'::character varying])::text[])) AND (d.created_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])))))))))
decision_history: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
decision_history: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = decision_history.decision_id))) check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = decision_history.decision_id) AND (d.organization_id = decision_history.organization_id))))
decision_revisions: own restrictive for insert to authenticated check ((written_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR ( SELECT dfworx.am_system() AS am_system))
decision_revisions: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
decision_revisions: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = decision_revisions.decision_id))) check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = decision_revisions.decision_id) AND (d.organization_id = decision_revisions.organization_id))))
decision_revisions: writers restrictive for insert to authenticated check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = decision_revisions.decision_id) AND ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[])) OR ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['member'::text]) AS my_organization_ids_as)::uuid[])) AND (((d.status)::text = 'draft'::text) OR (d.decider_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR (((d.status)::text = ANY ((ARRAY['proposed'::character varying, 'final_comment'::character varying])::text[])) AND (d.created_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])))))))))
decision_templates: admins_change restrictive for update to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text]) AS my_organization_ids_as)::uuid[]))
decision_templates: admins_create restrictive for insert to authenticated check (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text]) AS my_organization_ids_as)::uuid[]))
decision_templates: admins_delete restrictive for delete to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text]) AS my_organization_ids_as)::uuid[]))
decision_templates: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
decisions: members_insert restrictive for insert to authenticated check (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text, 'member'::text]) AS my_organization_ids_as)::uuid[]))
decisions: own restrictive for insert to authenticated check ((created_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR ( SELECT dfworx.am_system() AS am_system))
decisions: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
decisions: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.threads t WHERE (t.id = decisions.thread_id))) check (EXISTS ( SELECT FROM dfworx.threads t WHERE ((t.id = decisions.thread_id) AND (t.organization_id = decisions.organization_id))))
evidence: drafters restrictive for insert to authenticated check ((EXISTS ( SELECT FROM dfworx.messages m WHERE ((m.id = evidence.message_id) AND (m.organization_id = evidence.organization_id)))) AND (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = evidence.decision_id) AND ((d.status)::text = 'draft'::text) AND ((d.created_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR (d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[])))))))
evidence: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
evidence: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = evidence.decision_id))) check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = evidence.decision_id) AND (d.organization_id = evidence.organization_id))))
evidence_snapshots: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
evidence_snapshots: true_words restrictive for insert to authenticated check (EXISTS ( SELECT FROM (dfworx.evidence e JOIN dfworx.messages m ON ((m.id = e.message_id))) WHERE ((e.id = evidence_snapshots.evidence_id) AND (m.deleted_at IS NULL) AND ((m.thread_id = evidence_snapshots.thread_id) AND (m.seq = evidence_snapshots.seq) AND (m.revision = evidence_snapshots.revision) AND (m.created_at = evidence_snapshots.written_at) AND (m.source = evidence_snapshots.source) AND (m.html = evidence_snapshots.html)) AND ((m.author_id = evidence_snapshots.author_id) OR (EXISTS ( SELECT FROM dfworx.memberships a WHERE ((a.id = m.author_id) AND (a.claimed_by = evidence_snapshots.author_id))))))))
evidence_snapshots: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.threads t WHERE (t.id = evidence_snapshots.thread_id))) check ((EXISTS ( SELECT FROM dfworx.threads t WHERE ((t.id = evidence_snapshots.thread_id) AND (t.organization_id = evidence_snapshots.organization_id)))) AND (EXISTS ( SELECT FROM dfworx.evidence e WHERE ((e.id = evidence_snapshots.evidence_id) AND (e.organization_id = evidence_snapshots.organization_id)))))
imports: admins restrictive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text]) AS my_organization_ids_as)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text]) AS my_organization_ids_as)::uuid[]))
imports: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
invitations: admins restrictive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text]) AS my_organization_ids_as)::uuid[])) check ((organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text]) AS my_organization_ids_as)::uuid[])) AND (((role)::text <> 'owner'::text) OR (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text]) AS my_organization_ids_as)::uuid[]))))
invitations: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
ledger: recorders restrictive for insert to authenticated check (( SELECT dfworx.am_system() AS am_system) OR (((happened)::text <> ALL ((ARRAY['accepted'::character varying, 'superseded'::character varying, 'imported'::character varying])::text[])) AND (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = ledger.decision_id) AND ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[])) OR ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['member'::text]) AS my_organization_ids_as)::uuid[])) AND (d.decider_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])))))))))
ledger: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
ledger: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = ledger.decision_id))) check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = ledger.decision_id) AND (d.organization_id = ledger.organization_id))))
mailed_links: self permissive for all to authenticated using (user_id = ( SELECT dfworx.my_user_id() AS my_user_id)) check (user_id = ( SELECT dfworx.my_user_id() AS my_user_id))
mailed_notices: refused restrictive for delete to authenticated using (mailed_at IS NULL)
mailed_notices: system restrictive for all to authenticated using ( SELECT dfworx.am_system() AS am_system) check (( SELECT dfworx.am_system() AS am_system) AND CASE WHEN ((kind)::text = 'digest'::text) THEN ((decision_id IS NULL) AND (EXISTS ( SELECT FROM dfworx.memberships m WHERE ((m.id = mailed_notices.membership_id) AND (m.organization_id = mailed_notices.organization_id))))) ELSE (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = mailed_notices.decision_id) AND (d.organization_id = mailed_notices.organization_id)))) END)
mailed_notices: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
memberships: admins_or_self restrictive for update to authenticated using ((user_id = ( SELECT dfworx.my_user_id() AS my_user_id)) OR (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text]) AS my_organization_ids_as)::uuid[])) OR (((role)::text <> 'owner'::text) AND (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['admin'::text]) AS my_organization_ids_as)::uuid[])))) check (((user_id = ( SELECT dfworx.my_user_id() AS my_user_id)) AND (left_at IS NOT NULL)) OR ((role)::text = ANY ( CASE WHEN (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text]) AS my_organization_ids_as)::uuid[])) THEN ARRAY['owner'::text, 'admin'::text, 'moderator'::text, 'member'::text, 'guest'::text] WHEN (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['admin'::text]) AS my_organization_ids_as)::uuid[])) THEN ARRAY['admin'::text, 'moderator'::text, 'member'::text, 'guest'::text] ELSE ARRAY[dfworx.my_role(organization_id)] END)))
memberships: placeholders restrictive for insert to authenticated check (( SELECT dfworx.am_system() AS am_system) AND (user_id IS NULL) AND ((role)::text = 'guest'::text))
memberships: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
message_revisions: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
message_revisions: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.messages m WHERE (m.id = message_revisions.message_id))) check (EXISTS ( SELECT FROM dfworx.messages m WHERE ((m.id = message_revisions.message_id) AND (m.organization_id = message_revisions.organization_id) AND ((m.author_id = ANY (( SELECT dfworx.my_author_ids() AS my_author_ids)::uuid[])) OR (m.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[]))))))
messages: own restrictive for insert to authenticated check (((author_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR ( SELECT dfworx.am_system() AS am_system)) AND (EXISTS ( SELECT FROM dfworx.threads t WHERE ((t.id = messages.thread_id) AND (t.organization_id = messages.organization_id)))))
messages: own_or_moderators restrictive for update to authenticated using ((author_id = ANY (( SELECT dfworx.my_author_ids() AS my_author_ids)::uuid[])) OR (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[])))
messages: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
messages: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.threads t WHERE (t.id = messages.thread_id) OFFSET 0))
organizations: admins restrictive for update to authenticated using (id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text]) AS my_organization_ids_as)::uuid[]))
organizations: member permissive for all to authenticated using (id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
outbox: announce permissive for insert to authenticated check ((organization_id IS NULL) OR (organization_id = ANY (( SELECT dfworx.my_organization_ids_ever() AS my_organization_ids_ever)::uuid[])) OR ( SELECT dfworx.am_server_admin() AS am_server_admin))
outbox: dispatch permissive for all to dfworx_dispatcher using true
personal_tokens: self permissive for all to authenticated using (user_id = ( SELECT dfworx.my_user_id() AS my_user_id)) check ((user_id = ( SELECT dfworx.my_user_id() AS my_user_id)) AND ((organization_id IS NULL) OR (organization_id = ANY (( SELECT dfworx.my_organization_ids_ever() AS my_organization_ids_ever)::uuid[]))))
place_members: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
place_members: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.places p WHERE ((p.id = place_members.place_id) AND (p.organization_id = place_members.organization_id)))) check ((EXISTS ( SELECT FROM dfworx.places p WHERE ((p.id = place_members.place_id) AND (p.organization_id = place_members.organization_id)))) OR dfworx.is_my_new_place(place_id, organization_id))
places: own restrictive for insert to authenticated check ((created_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR ( SELECT dfworx.am_system() AS am_system))
places: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
places: visible restrictive for select to authenticated using (id = ANY (( SELECT dfworx.my_place_ids() AS my_place_ids)::uuid[]))
places: visible_update restrictive for update to authenticated using (id = ANY (( SELECT dfworx.my_place_ids() AS my_place_ids)::uuid[]))
positions: asked restrictive for insert to authenticated check ((EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = positions.decision_id) AND ((d.version = positions.version) OR (positions.is_late AND (positions.version < d.version))) AND (d.number IS NOT NULL) AND ((d.status)::text <> 'withdrawn'::text) AND (positions.is_late = ((d.status)::text <> ALL ((ARRAY['proposed'::character varying, 'final_comment'::character varying])::text[])))))) AND ((NOT (EXISTS ( SELECT FROM dfworx.decision_askings a WHERE (a.decision_id = positions.decision_id)))) OR (EXISTS ( SELECT FROM dfworx.decision_askings a WHERE ((a.decision_id = positions.decision_id) AND (a.membership_id = positions.membership_id))))))
positions: own restrictive for insert to authenticated check (membership_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[]))
positions: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
positions: visible restrictive for all to authenticated using (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = positions.decision_id))) check (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = positions.decision_id) AND (d.organization_id = positions.organization_id))))
read_markers: own restrictive for all to authenticated using (membership_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) check ((membership_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) AND (EXISTS ( SELECT FROM dfworx.threads t WHERE ((t.id = read_markers.thread_id) AND (t.organization_id = read_markers.organization_id)))))
read_markers: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
refresh_tokens: self permissive for insert to authenticated check ((user_id = ( SELECT dfworx.my_user_id() AS my_user_id)) AND (EXISTS ( SELECT FROM dfworx.sessions s WHERE ((s.id = refresh_tokens.session_id) AND (s.user_id = refresh_tokens.user_id)))))
registers: members_insert restrictive for insert to authenticated check (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text, 'member'::text]) AS my_organization_ids_as)::uuid[]))
registers: members_update restrictive for update to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text, 'member'::text]) AS my_organization_ids_as)::uuid[]))
registers: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
samples: server_admins permissive for select to authenticated using ( SELECT dfworx.am_server_admin() AS am_server_admin)
samples: worker permissive for all to dfworx_dispatcher using true check true
sessions: self permissive for all to authenticated using (user_id = ( SELECT dfworx.my_user_id() AS my_user_id)) check (user_id = ( SELECT dfworx.my_user_id() AS my_user_id))
stale_marks: system restrictive for insert to authenticated check ( SELECT dfworx.am_system() AS am_system)
stale_marks: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
stale_marks: visible restrictive for all to authenticated using CASE WHEN (thread_id IS NOT NULL) THEN (EXISTS ( SELECT FROM dfworx.threads t WHERE (t.id = stale_marks.thread_id))) ELSE (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = stale_marks.decision_id))) END check ((EXISTS ( SELECT FROM dfworx.threads t WHERE ((t.id = stale_marks.thread_id) AND (t.organization_id = stale_marks.organization_id)))) OR (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = stale_marks.decision_id) AND (d.organization_id = stale_marks.organization_id)))))
stale_marks: writers restrictive for update to authenticated using ((cleared_at IS NULL) AND CASE WHEN (thread_id IS NOT NULL) THEN (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text, 'member'::text]) AS my_organization_ids_as)::uuid[])) ELSE (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = stale_marks.decision_id) AND ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[])) OR ((d.organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['member'::text]) AS my_organization_ids_as)::uuid[])) AND (((d.status)::text = 'draft'::text) OR (d.decider_id = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR (((d.status)::text = ANY ((ARRAY['proposed'::character varying, 'final_comment'::character varying])::text[])) AND (d.created_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[]))))))))) END) check ((cleared_at IS NULL) OR (cleared_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR ( SELECT dfworx.am_system() AS am_system))
taggings: members_delete restrictive for delete to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text, 'member'::text]) AS my_organization_ids_as)::uuid[]))
taggings: members_insert restrictive for insert to authenticated check (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text, 'member'::text]) AS my_organization_ids_as)::uuid[]))
taggings: own restrictive for insert to authenticated check ((tagged_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR ( SELECT dfworx.am_system() AS am_system))
taggings: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
taggings: visible restrictive for all to authenticated using CASE kind WHEN 'thread'::text THEN (EXISTS ( SELECT FROM dfworx.threads t WHERE (t.id = taggings.subject_id))) ELSE (EXISTS ( SELECT FROM dfworx.decisions d WHERE (d.id = taggings.subject_id))) END check ((EXISTS ( SELECT FROM dfworx.tags g WHERE ((g.id = taggings.tag_id) AND (g.organization_id = taggings.organization_id)))) AND CASE kind WHEN 'thread'::text THEN (EXISTS ( SELECT FROM dfworx.threads t WHERE ((t.id = taggings.subject_id) AND (t.organization_id = taggings.organization_id)))) ELSE (EXISTS ( SELECT FROM dfworx.decisions d WHERE ((d.id = taggings.subject_id) AND (d.organization_id = taggings.organization_id)))) END)
tags: moderators_change restrictive for update to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[]))
tags: moderators_create restrictive for insert to authenticated check (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[]))
tags: moderators_delete restrictive for delete to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids_as(VARIADIC ARRAY['owner'::text, 'admin'::text, 'moderator'::text]) AS my_organization_ids_as)::uuid[]))
tags: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
threads: own restrictive for insert to authenticated check ((created_by = ANY (( SELECT dfworx.my_membership_ids() AS my_membership_ids)::uuid[])) OR ( SELECT dfworx.am_system() AS am_system))
threads: tenant permissive for all to authenticated using (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[])) check (organization_id = ANY (( SELECT dfworx.my_organization_ids() AS my_organization_ids)::uuid[]))
threads: visible restrictive for all to authenticated using (place_id = ANY (( SELECT dfworx.my_place_ids() AS my_place_ids)::uuid[])) check ((place_id = ANY (( SELECT dfworx.my_place_ids() AS my_place_ids)::uuid[])) AND (EXISTS ( SELECT FROM dfworx.places p WHERE ((p.id = threads.place_id) AND (p.organization_id = threads.organization_id)))))
users: self permissive for all to authenticated using (id = ( SELECT dfworx.my_user_id() AS my_user_id))

-- functions
CREATE OR REPLACE FUNCTION dfworx.accept_invitation(secret_hash text, new_membership uuid) RETURNS TABLE(membership_id uuid, organization_id uuid, role text, is_new boolean) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare inv dfworx.invitations; mine dfworx.memberships; begin if dfworx.my_user_id() is null then raise insufficient_privilege; end if; select * into inv from dfworx.invitations i where i.token_hash = secret_hash and i.revoked_at is null and i.expires_at > now() and i.uses < i.max_uses for update; if inv.id is null then return; end if; select * into mine from dfworx.memberships m where m.organization_id = inv.organization_id and m.user_id = dfworx.my_user_id(); if mine.id is not null and mine.left_at is null then return query select mine.id, inv.organization_id, mine.role::text, false; return; end if; update dfworx.invitations set uses = uses + 1 where id = inv.id; if mine.id is not null then update dfworx.memberships m set left_at = null, role = inv.role, name = u.name from dfworx.users u where m.id = mine.id and u.id = m.user_id; return query select mine.id, inv.organization_id, inv.role::text, true; return; end if; insert into dfworx.memberships (id, created_at, organization_id, user_id, name, role) select new_membership, now(), inv.organization_id, u.id, u.name, inv.role from dfworx.users u where u.id = dfworx.my_user_id(); return query select new_membership, inv.organization_id, inv.role::text, true; end $function$
CREATE OR REPLACE FUNCTION dfworx.active_members(members uuid[]) RETURNS TABLE(membership_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select m.id from dfworx.memberships m join dfworx.users u on u.id = m.user_id and u.deactivated_at is null where m.id = any(members) and m.left_at is null and m.organization_id = any(dfworx.my_organization_ids()) $function$
CREATE OR REPLACE FUNCTION dfworx.admin_attention(within uuid) RETURNS TABLE(kind text, organization_id uuid, organization text, many integer) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column begin perform dfworx.admin_must(within); return query (select 'imports', o.id, o.name::text, count(*)::integer from dfworx.imports i join dfworx.organizations o on o.id = i.organization_id where i.state = 'failed' and (within is null or o.id = within) group by o.id order by lower(o.name), o.id limit 50) union all select 'addresses', null, null, count(*)::integer from dfworx.users u where u.email_verified_at is null and u.deactivated_at is null and u.created_at < now() - interval '7 days' and (within is null or exists (select from dfworx.memberships m where m.user_id = u.id and m.organization_id = within and m.left_at is null)) having count(*) > 0; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_end_sessions(within uuid, one uuid, person uuid) RETURNS TABLE(id uuid, user_id uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column begin perform dfworx.admin_must(within); return query update dfworx.sessions s set revoked_at = now() where s.revoked_at is null and (s.id = one or s.user_id = person) and (within is null or (dfworx.admin_reaches(s.user_id) and exists ( select from dfworx.memberships m where m.user_id = s.user_id and m.organization_id = within and m.left_at is null))) returning s.id, s.user_id; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_end_token(within uuid, one uuid) RETURNS TABLE(user_id uuid, label text) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column begin perform dfworx.admin_must(within); return query update dfworx.personal_tokens t set revoked_at = now() where t.id = one and t.revoked_at is null and (within is null or t.organization_id = within or (dfworx.admin_reaches(t.user_id) and exists ( select from dfworx.memberships m where m.user_id = t.user_id and m.organization_id = within and m.left_at is null))) returning t.user_id, t.name::text; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_facts(within uuid, member uuid, thread uuid, message uuid) RETURNS TABLE(role text, left_at timestamp with time zone, user_id uuid, place_id uuid, visibility text, archived_at timestamp with time zone, is_added boolean, thread_id uuid, created_by uuid, origin text, resolved_at timestamp with time zone, author_id uuid, kind text, deleted_at timestamp with time zone, is_default boolean) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column begin perform dfworx.admin_must(within); return query select m.role::text, m.left_at, m.user_id, p.id, p.visibility::text, p.archived_at, exists (select from dfworx.place_members pm where pm.place_id = p.id and pm.membership_id = m.id), t.id, t.created_by, t.origin::text, t.resolved_at, w.author_id, w.kind::text, w.deleted_at, t.is_default from dfworx.memberships m left join dfworx.messages w on w.id = message and w.organization_id = m.organization_id left join dfworx.threads t on t.id = coalesce(w.thread_id, thread) and t.organization_id = m.organization_id left join dfworx.places p on p.id = t.place_id where m.id = member and (within is null or m.organization_id = within); end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_invitations(within uuid, one uuid, standing text, before_at timestamp with time zone, before_id uuid, most integer) RETURNS TABLE(id uuid, organization_id uuid, organization text, slug text, role text, created_at timestamp with time zone, created_by uuid, creator text, expires_at timestamp with time zone, max_uses integer, uses integer, revoked_at timestamp with time zone, email text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column begin perform dfworx.admin_must(within); return query select i.id, o.id, o.name::text, o.slug::text, i.role::text, i.created_at, i.created_by, m.name::text, i.expires_at, i.max_uses, i.uses, i.revoked_at, i.email::text from dfworx.invitations i join dfworx.organizations o on o.id = i.organization_id left join dfworx.memberships m on m.id = i.created_by where (one is null or i.id = one) and (within is null or o.id = within) and case standing when 'open' then i.revoked_at is null and i.expires_at > now() and i.uses < i.max_uses when 'used up' then i.uses >= i.max_uses when 'revoked' then i.revoked_at is not null when 'expired' then i.revoked_at is null and i.expires_at <= now() and i.uses < i.max_uses else true end and (before_at is null or (i.created_at, i.id) < (before_at, before_id)) order by i.created_at desc, i.id desc limit least(most, 201); end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_keep_one(but uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin perform pg_advisory_xact_lock(7253001); if not exists (select from dfworx.users u where u.is_server_admin and u.deactivated_at is null and u.id <> but) and exists (select from dfworx.users u where u.is_server_admin and u.deactivated_at is null and u.id = but) then raise exception 'the last server admin' using errcode = 'DF002'; end if; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_keep_reset_link(person uuid, link uuid, secret_hash text, lasting interval) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin perform dfworx.admin_must(null); insert into dfworx.mailed_links (id, created_at, user_id, purpose, token_hash, expires_at) select link, now(), u.id, 'reset', secret_hash, now() + lasting from dfworx.users u where u.id = person and u.deactivated_at is null; return found; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_must(within uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ begin if dfworx.am_server_admin() or within = any(dfworx.my_organization_ids_as('owner', 'admin')) then return; end if; raise insufficient_privilege; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_names(ids uuid[]) RETURNS TABLE(id uuid, name text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column begin perform dfworx.admin_must(null); return query select u.id, u.name::text from dfworx.users u where u.id = any(ids) union all select o.id, o.slug::text from dfworx.organizations o where o.id = any(ids); end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_organizations(one uuid, words text[], after uuid, most integer) RETURNS TABLE(id uuid, slug text, name text, created_at timestamp with time zone, people bigint, owners text[], messages bigint, last_message_at timestamp with time zone) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column declare behind text := (select lower(l.name) from dfworx.organizations l where l.id = after); begin perform dfworx.admin_must(null); return query select o.id, o.slug::text, o.name::text, o.created_at, (select count(*) from dfworx.memberships m where m.organization_id = o.id and m.left_at is null and m.user_id is not null), (select coalesce(array_agg(m.name::text order by lower(m.name)), '{}') from dfworx.memberships m where m.organization_id = o.id and m.left_at is null and m.role = 'owner'), t.messages::bigint, t.last_message_at from dfworx.organizations o cross join lateral (select coalesce(sum(t.last_seq), 0) as messages, max(t.last_message_at) as last_message_at from dfworx.threads t where t.organization_id = o.id) t where (one is null or o.id = one) and not exists (select from unnest(words) w where strpos(lower(o.name || ' ' || o.slug), lower(w)) = 0) and (after is null or (lower(o.name), o.id) > (behind, after)) order by lower(o.name), o.id limit least(most, 201); end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_people(within uuid, person uuid, words text[], standing text, of_role text, after uuid, most integer) RETURNS TABLE(id uuid, name text, email text, created_at timestamp with time zone, email_verified_at timestamp with time zone, deactivated_at timestamp with time zone, is_server_admin boolean, last_seen_at timestamp with time zone, memberships jsonb) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column declare behind text := ( select lower(l.name) from dfworx.users l where l.id = after and (within is null or exists ( select from dfworx.memberships m where m.user_id = after and m.organization_id = within))); begin perform dfworx.admin_must(within); return query select u.id, u.name::text, u.email::text, u.created_at, u.email_verified_at, u.deactivated_at, u.is_server_admin, (select max(s.last_seen_at) from dfworx.sessions s where s.user_id = u.id), (select coalesce(jsonb_agg(jsonb_build_object('membership_id', m.id, 'organization_id', o.id, 'slug', o.slug, 'organization', o.name, 'role', m.role) order by lower(o.name), o.id), '[]') from dfworx.memberships m join dfworx.organizations o on o.id = m.organization_id where m.user_id = u.id and m.left_at is null and (within is null or m.organization_id = within)) from dfworx.users u where (person is null or u.id = person) and (within is null or exists (select from dfworx.memberships m where m.user_id = u.id and m.organization_id = within and m.left_at is null)) and not exists (select from unnest(words) w where strpos(lower(u.name || ' ' || u.email), lower(w)) = 0) and case standing when 'active' then u.deactivated_at is null when 'deactivated' then u.deactivated_at is not null when 'unverified' then u.email_verified_at is null when 'unconfirmed' then u.email_verified_at is null and u.deactivated_at is null and u.created_at < now() - interval '7 days' else true end and (of_role is null or (of_role = 'server admin' and u.is_server_admin) or exists (select from dfworx.memberships m where m.user_id = u.id and m.left_at is null and m.role = of_role and (within is null or m.organization_id = within))) and (after is null or (lower(u.name), u.id) > (behind, after)) order by lower(u.name), u.id limit least(most, 201); end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_reaches(person uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ begin return dfworx.am_server_admin() or ( person is distinct from dfworx.my_user_id() and not exists (select from dfworx.users u where u.id = person and u.is_server_admin) and exists (select from dfworx.memberships m where m.user_id = person and m.left_at is null) and not exists ( select from dfworx.memberships m where m.user_id = person and m.left_at is null and m.organization_id <> all(dfworx.my_organization_ids_as('owner')) and (m.role = 'owner' or m.organization_id <> all(dfworx.my_organization_ids_as('admin'))))); end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_rename_organization(organization uuid, new_name text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare was text; begin perform dfworx.admin_must(null); select o.name into was from dfworx.organizations o where o.id = organization for update; update dfworx.organizations o set name = new_name where o.id = organization; return was; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_revoke_invitation(invitation uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin perform dfworx.admin_must(null); update dfworx.invitations i set revoked_at = now() where i.id = invitation and i.revoked_at is null; return found; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_sessions(within uuid, person uuid, words text[], before_at timestamp with time zone, before_id uuid, idle interval, most integer) RETURNS TABLE(id uuid, user_id uuid, name text, email text, created_at timestamp with time zone, last_seen_at timestamp with time zone, expires_at timestamp with time zone, user_agent text, address text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column begin perform dfworx.admin_must(within); return query select s.id, u.id, u.name::text, u.email::text, s.created_at, s.last_seen_at, s.expires_at, s.user_agent::text, s.address::text from dfworx.sessions s join dfworx.users u on u.id = s.user_id where s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - idle and u.deactivated_at is null and (person is null or u.id = person) and (within is null or (dfworx.admin_reaches(u.id) and exists ( select from dfworx.memberships m where m.user_id = u.id and m.organization_id = within and m.left_at is null))) and not exists (select from unnest(words) w where strpos(lower(u.name || ' ' || u.email || ' ' || s.address || ' ' || s.user_agent), lower(w)) = 0) and (before_at is null or (s.last_seen_at, s.id) < (before_at, before_id)) order by s.last_seen_at desc, s.id desc limit least(most, 201); end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_set_active(person uuid, is_active boolean) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin perform dfworx.admin_must(null); if is_active then update dfworx.users u set deactivated_at = null where u.id = person and u.deactivated_at is not null; return found; end if; perform dfworx.admin_keep_one(person); update dfworx.users u set deactivated_at = now() where u.id = person and u.deactivated_at is null; if not found then return false; end if; update dfworx.sessions s set revoked_at = now() where s.user_id = person and s.revoked_at is null; update dfworx.mailed_links l set used_at = now() where l.user_id = person and l.used_at is null; return true; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_set_role(member uuid, new_role text) RETURNS TABLE(id uuid, organization_id uuid, user_id uuid, name text, role text, created_at timestamp with time zone, was text) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column declare known dfworx.memberships; begin perform dfworx.admin_must(null); select * into known from dfworx.memberships m where m.id = member and m.left_at is null and m.user_id is not null for update; if known.id is null then return; end if; update dfworx.memberships m set role = new_role where m.id = member; return query select known.id, known.organization_id, known.user_id, known.name::text, new_role, known.created_at, known.role::text; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_set_server_admin(person uuid, is_one boolean) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin perform dfworx.admin_must(null); if not is_one then perform dfworx.admin_keep_one(person); end if; update dfworx.users u set is_server_admin = is_one where u.id = person and u.is_server_admin <> is_one; return found; end $function$
CREATE OR REPLACE FUNCTION dfworx.admin_tokens(within uuid, person uuid, words text[], before_at timestamp with time zone, before_id uuid, most integer) RETURNS TABLE(id uuid, user_id uuid, name text, email text, label text, scope text, organization text, created_at timestamp with time zone, last_used_at timestamp with time zone, expires_at timestamp with time zone) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ #variable_conflict use_column begin perform dfworx.admin_must(within); return query select t.id, u.id, u.name::text, u.email::text, t.name::text, t.scope::text, o.name::text, t.created_at, t.last_used_at, t.expires_at from dfworx.personal_tokens t join dfworx.users u on u.id = t.user_id left join dfworx.organizations o on o.id = t.organization_id where t.revoked_at is null and t.expires_at > now() and u.deactivated_at is null and (person is null or u.id = person) and (within is null or t.organization_id = within or (dfworx.admin_reaches(u.id) and exists ( select from dfworx.memberships m where m.user_id = u.id and m.organization_id = within and m.left_at is null))) and not exists (select from unnest(words) w where strpos(lower(u.name || ' ' || u.email || ' ' || t.name || ' ' || t.scope), lower(w)) = 0) and (before_at is null or (t.created_at, t.id) < (before_at, before_id)) order by t.created_at desc, t.id desc limit least(most, 201); end $function$
CREATE OR REPLACE FUNCTION dfworx.am_server() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path TO '' AS $function$ begin return coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'actor' = 'server', false); end $function$
CREATE OR REPLACE FUNCTION dfworx.am_server_admin() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ begin return dfworx.am_server() or exists ( select from dfworx.users u where u.id = dfworx.my_user_id() and u.is_server_admin and u.deactivated_at is null); end $function$
CREATE OR REPLACE FUNCTION dfworx.am_system() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path TO '' AS $function$ begin return coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'actor' = 'system', false); end $function$
CREATE OR REPLACE FUNCTION dfworx.change_my_password(password_hash text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path TO '' AS $function$ update dfworx.passwords set hash = password_hash where user_id = dfworx.my_user_id() $function$
CREATE OR REPLACE FUNCTION dfworx.claim_author(author uuid, wanted boolean) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin update dfworx.memberships a set claimant_id = case when wanted then m.id end from dfworx.memberships m where a.id = author and a.user_id is null and a.claimed_by is null and case when wanted then a.claimant_id is null else a.claimant_id = m.id end and m.organization_id = a.organization_id and m.user_id = dfworx.my_user_id() and m.left_at is null and m.role in ('owner', 'admin', 'moderator', 'member'); return found; end $function$
CREATE OR REPLACE FUNCTION dfworx.create_organization(new_id uuid, new_slug text, new_name text, membership uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin if dfworx.my_user_id() is null then raise insufficient_privilege; end if; insert into dfworx.organizations (id, created_at, slug, name) values (new_id, now(), new_slug, new_name) on conflict (slug) do nothing; if not found then return false; end if; insert into dfworx.memberships (id, created_at, organization_id, user_id, name, role) select membership, now(), new_id, u.id, u.name, 'owner' from dfworx.users u where u.id = dfworx.my_user_id(); return true; end $function$
CREATE OR REPLACE FUNCTION dfworx.credential(address text) RETURNS TABLE(user_id uuid, hash text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select u.id, p.hash from dfworx.users u join dfworx.passwords p on p.user_id = u.id where u.email = address and u.deactivated_at is null $function$
CREATE OR REPLACE FUNCTION dfworx.decision_words(title character varying, chosen character varying, drivers text, outcome text) RETURNS tsvector LANGUAGE sql IMMUTABLE SET search_path TO '' AS $function$ select setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', chosen || ' ' || drivers || ' ' || outcome), 'C') $function$
CREATE OR REPLACE FUNCTION dfworx.due_digests(at timestamp with time zone) RETURNS TABLE(organization_id uuid, membership_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select m.organization_id, m.id from (select date_trunc('week', at at time zone 'UTC') at time zone 'UTC' + interval '7 hours' as monday) w join dfworx.memberships m on m.created_at < w.monday and m.left_at is null join dfworx.users u on u.id = m.user_id and u.deactivated_at is null and u.gets_digest where at >= w.monday and at < w.monday + interval '17 hours' and not exists (select from dfworx.digests s where s.membership_id = m.id and s.sent_at >= w.monday) and (exists (select from dfworx.decision_askings a join dfworx.decisions d on d.id = a.decision_id where a.membership_id = m.id and d.status in ('proposed', 'final_comment') and not exists (select from dfworx.positions p where p.decision_id = d.id and p.membership_id = m.id and p.version = d.version) and not exists (select from dfworx.concerns c where c.decision_id = d.id and c.owner_id = m.id and c.state = 'open')) or exists (select from dfworx.decisions d where d.decider_id = m.id and ((d.status = 'accepted' and d.review_on <= at::date) or exists (select from dfworx.stale_marks k where k.decision_id = d.id and k.cleared_at is null) or (d.status in ('proposed', 'final_comment') and exists (select from dfworx.concerns c where c.decision_id = d.id and c.state = 'open'))))) order by m.id desc limit 200 $function$
CREATE OR REPLACE FUNCTION dfworx.empty_thread(thread uuid) RETURNS void LANGUAGE plpgsql SET search_path TO '' AS $function$ begin delete from dfworx.taggings where kind = 'thread' and subject_id = thread; delete from dfworx.stale_marks where thread_id = thread; delete from dfworx.read_markers where thread_id = thread; delete from dfworx.message_revisions r using dfworx.messages m where m.id = r.message_id and m.thread_id = thread; delete from dfworx.messages where thread_id = thread; delete from dfworx.threads where id = thread; end $function$
CREATE OR REPLACE FUNCTION dfworx.ended_comments() RETURNS TABLE(organization_id uuid, decision_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select d.organization_id, d.id from dfworx.decisions d where d.status = 'final_comment' and d.comment_ends_at <= now() order by d.comment_ends_at limit 200 $function$
CREATE OR REPLACE FUNCTION dfworx.find_threads(organization uuid, words text[], most integer) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ declare places uuid[] := dfworx.my_place_ids(); parts text[] := (select array_agg('%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%') from unnest(words) w); beginnings tsquery := (select to_tsquery('simple', string_agg('''' || w || ''':*', ' & ')) from (select translate(w, '\''', '') as w from unnest(words) w) marks where w <> ''); found uuid[]; begin if organization <> all(dfworx.my_organization_ids()) then return; end if; found := array( select lively.id from ( select t.id, t.title, t.place_id, coalesce(t.last_message_at, t.created_at) as active from dfworx.threads t where t.organization_id = organization and (not t.is_record or parts is null and t.last_seq > 0) order by coalesce(t.last_message_at, t.created_at) desc, t.id desc limit 10000 ) lively where lively.place_id = any(places) and (parts is null or lower(lively.title) like all (parts)) order by lively.active desc, lively.id desc limit most); return query select * from unnest(found); if parts is null or cardinality(found) >= most then return; end if; return query select t.id from dfworx.threads t where t.organization_id = organization and t.place_id = any(places) and t.id <> all(found) and not t.is_record and to_tsvector('simple', t.title) @@ beginnings order by coalesce(t.last_message_at, t.created_at) desc, t.id desc limit most - cardinality(found); end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_asking() RETURNS trigger LANGUAGE plpgsql SET search_path TO '' AS $function$ begin if exists (select from dfworx.decisions d where d.id = new.decision_id and d.status <> 'draft') and not exists (select from dfworx.decision_askings a where a.decision_id = new.decision_id) then raise exception 'every member may answer' using errcode = 'check_violation'; end if; return new; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin if not exists (select from dfworx.registers r where r.organization_id = new.organization_id and r.entries >= new.position) then raise exception 'the register counts every entry' using errcode = 'check_violation'; end if; return null; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_decider() RETURNS trigger LANGUAGE plpgsql SET search_path TO '' AS $function$ declare mine uuid[] := dfworx.my_membership_ids(); moderates boolean := new.organization_id = any(dfworx.my_organization_ids_as('owner', 'admin', 'moderator')); belongs boolean := moderates or new.organization_id = any(dfworx.my_organization_ids_as('member')); drafted boolean := moderates or (belongs and old.created_by = any(mine)); decides boolean := moderates or (belongs and coalesce(old.decider_id = any(mine), false)); begin if (not dfworx.is_said(to_jsonb(old), new) or new.version <> old.version) and not (case when old.status = 'draft' then belongs when old.status in ('proposed', 'final_comment') then drafted or decides else decides end) then raise exception 'this text is written by others' using errcode = 'insufficient_privilege'; end if; if not drafted and old.status = 'draft' and (new.status <> 'draft' or (new.decider_id, new.quorum, new.share, new.comment_hours, new.is_business_days, new.is_hidden, new.is_anonymous, new.ballot, new.replaces, new.proposed_at) is distinct from (old.decider_id, old.quorum, old.share, old.comment_hours, old.is_business_days, old.is_hidden, old.is_anonymous, old.ballot, old.replaces, old.proposed_at)) then raise exception 'whoever drafted a decision proposes it' using errcode = 'insufficient_privilege'; end if; if new.replaces <> old.replaces and exists (select from jsonb_array_elements_text(new.replaces) r (id) where not exists (select from dfworx.decisions d where d.id = r.id::uuid and d.organization_id = new.organization_id and d.status = 'accepted' and (moderates or (belongs and d.decider_id = any(mine))))) then raise exception 'a decision takes the place of what holds and is one''s own to decide' using errcode = 'insufficient_privilege'; end if; if new.status <> old.status and not (case when new.status in ('accepted', 'superseded') then dfworx.am_system() when new.status in ('rejected', 'deprecated') then decides when new.status = 'withdrawn' then drafted else true end) then raise exception 'a decision is ended by whoever may' using errcode = 'insufficient_privilege'; end if; if new.comment_ends_at is distinct from old.comment_ends_at and (new.status = old.status or new.status not in ('proposed', 'final_comment')) then raise exception 'a final comment ends when it was said' using errcode = 'insufficient_privilege'; end if; return new; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare is_step boolean := old.status <> new.status; is_closed boolean := old.status not in ('draft', 'proposed', 'final_comment'); is_written boolean := (new.title, new.context, new.drivers, new.options, new.chosen, new.outcome, new.consequences, new.confirmation, new.more, new.paths, new.channels, new.consulted, new.informed) is distinct from (old.title, old.context, old.drivers, old.options, old.chosen, old.outcome, old.consequences, old.confirmation, old.more, old.paths, old.channels, old.consulted, old.informed); ends boolean := is_step and new.status in ('accepted', 'rejected', 'withdrawn'); is_blocked boolean; is_enough boolean; answered integer; agree integer; disagree integer; begin if is_step and (old.status, new.status) not in ( ('draft', 'proposed'), ('draft', 'withdrawn'), ('proposed', 'final_comment'), ('final_comment', 'proposed'), ('final_comment', 'accepted'), ('proposed', 'rejected'), ('final_comment', 'rejected'), ('proposed', 'withdrawn'), ('final_comment', 'withdrawn'), ('accepted', 'superseded'), ('accepted', 'deprecated')) then raise exception 'a decision does not go from % to %', old.status, new.status using errcode = 'check_violation'; end if; if is_closed and is_written and not exists (select from dfworx.decision_revisions r where r.decision_id = new.id and r.version = new.version and new.version = old.version + 1 and r.note <> '') then raise exception 'the text of a closed decision stays' using errcode = 'check_violation'; end if; if new.version not in (old.version, old.version + 1) or (is_written and new.version = old.version) then raise exception 'another text is the next version' using errcode = 'check_violation'; end if; if new.number is distinct from old.number and (old.status = 'draft' and new.status = 'proposed' and old.number is null and new.number = (select r.numbers from dfworx.registers r where r.organization_id = new.organization_id)) is not true then raise exception 'a number is given at the proposal, by the register, and stays' using errcode = 'check_violation'; end if; if old.status <> 'draft' and (new.decider_id, new.quorum, new.share, new.comment_hours, new.is_business_days, new.is_hidden, new.is_anonymous, new.ballot, new.replaces, new.proposed_at) is distinct from (old.decider_id, old.quorum, old.share, old.comment_hours, old.is_business_days, old.is_hidden, old.is_anonymous, old.ballot, old.replaces, old.proposed_at) then raise exception 'how a decision is made stays' using errcode = 'check_violation'; end if; if new.decider_id is distinct from old.decider_id and not exists (select from dfworx.memberships m where m.id = new.decider_id and m.organization_id = new.organization_id) then raise exception 'a member decides' using errcode = 'check_violation'; end if; if (not ends and new.closed_at is distinct from old.closed_at) or (not ends and not (is_step and new.status = 'deprecated') and new.closing <> old.closing) or (not is_step and new.superseded_by is distinct from old.superseded_by) then raise exception 'how a decision ended stays' using errcode = 'check_violation'; end if; if is_step and new.status = 'superseded' and not exists (select from dfworx.decisions s where s.id = new.superseded_by and s.id <> new.id and s.organization_id = new.organization_id and s.status in ('accepted', 'superseded', 'deprecated')) then raise exception 'only what was accepted takes the place of another' using errcode = 'check_violation'; end if; if is_step and (new.status in ('final_comment', 'accepted') or (old.status, new.status) = ('final_comment', 'proposed')) then is_blocked := exists (select from dfworx.concerns c where c.decision_id = new.id and c.state = 'open'); select count(*), count(*) filter (where p.stand = 'agree'), count(*) filter (where p.stand = 'disagree') into answered, agree, disagree from (select distinct on (membership_id) * from dfworx.positions where decision_id = new.id and not is_late order by membership_id, id desc) p where p.version = new.version; is_enough := answered >= new.quorum and (new.share = 0 or (new.share = 100 and agree > 0 and disagree = 0) or (new.share < 100 and agree * 100 > new.share * (agree + disagree))); if new.status <> 'proposed' and is_blocked then raise exception 'a concern is open' using errcode = 'check_violation'; end if; if new.status <> 'proposed' and not is_enough then raise exception 'a decision needs its quorum and its share' using errcode = 'check_violation'; end if; if new.status = 'proposed' and is_enough and not is_blocked and new.version = old.version then raise exception 'nothing stops the final comment' using errcode = 'check_violation'; end if; end if; if is_step and new.status = 'final_comment' and (new.comment_ends_at >= now() + make_interval(hours => new.comment_hours)) is not true then raise exception 'a final comment lasts as long as was said' using errcode = 'check_violation'; end if; if is_step and new.status = 'accepted' and (old.comment_ends_at is null or old.comment_ends_at > now() or new.comment_ends_at is distinct from old.comment_ends_at) then raise exception 'the final comment has not ended' using errcode = 'check_violation'; end if; return new; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare r dfworx.registers; d dfworx.decisions; said jsonb := new.record::jsonb; begin select * into r from dfworx.registers where organization_id = new.organization_id; select * into d from dfworx.decisions where id = new.decision_id and organization_id = new.organization_id; if new.position > r.entries + 1 then select l.digest into r.head from dfworx.ledger l where l.organization_id = new.organization_id and l.position = new.position - 1; end if; if (new.position > r.entries and new.previous = r.head and new.digest = encode(sha256(convert_to(r.head || E'\n' || new.record, 'UTF8')), 'hex')) is not true then raise exception 'an entry follows the one before' using errcode = 'check_violation'; end if; if (said ->> 'happened' = new.happened and d.status in ('accepted', 'rejected', 'superseded', 'deprecated') and case when new.happened in ('accepted', 'rejected', 'superseded', 'deprecated') then new.happened = d.status else new.happened <> 'imported' or d.origin is not null end and dfworx.is_said(said -> 'record', d) and said -> 'record' @> jsonb_build_object('number', d.number, 'status', d.status, 'version', d.version, 'decider_id', d.decider_id, 'closing', d.closing, 'superseded_by', d.superseded_by, 'rule', jsonb_build_object('quorum', d.quorum, 'share', d.share, 'comment_hours', d.comment_hours, 'is_business_days', d.is_business_days, 'is_hidden', d.is_hidden, 'is_anonymous', d.is_anonymous, 'ballot', d.ballot))) is not true then raise exception 'an entry says what its decision is' using errcode = 'check_violation'; end if; if said -> 'record' = (select l.record::jsonb -> 'record' from dfworx.ledger l where l.decision_id = new.decision_id order by l.position desc limit 1) then raise exception 'nothing is recorded twice' using errcode = 'check_violation'; end if; return new; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare is_text boolean := tg_op = 'INSERT' or new.version <> old.version; begin if exists (select from dfworx.decisions d where d.id = new.id and d.template <> '' and (d.number is null or (old.number is null and not dfworx.is_as_its_template(d)))) then raise exception 'a proposal names its template' using errcode = 'check_violation'; end if; if is_text and not exists (select from dfworx.decision_revisions r where r.decision_id = new.id and r.version = new.version and dfworx.is_said(r.content, new)) then raise exception 'every text is kept' using errcode = 'check_violation'; end if; if new.status in ('accepted', 'rejected', 'superseded', 'deprecated') and (is_text or new.status <> old.status) and not exists (select from dfworx.ledger l where l.decision_id = new.id and l.record::jsonb -> 'record' @> jsonb_build_object('status', new.status, 'version', new.version)) then raise exception 'what is decided stands in the ledger' using errcode = 'check_violation'; end if; return null; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_new_decision() RETURNS trigger LANGUAGE plpgsql SET search_path TO '' AS $function$ begin if new.origin is not null and not dfworx.am_system() then raise exception 'only an import says where a decision came from' using errcode = 'check_violation'; end if; if new.origin is null and (new.status <> 'draft' or new.number is not null or new.version <> 1 or new.replaces <> '[]' or new.closing <> '' or num_nonnulls(new.proposed_at, new.comment_ends_at, new.closed_at) > 0) then raise exception 'a decision begins as a draft' using errcode = 'check_violation'; end if; if new.status = 'final_comment' then raise exception 'a final comment begins here' using errcode = 'check_violation'; end if; return new; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_new_register() RETURNS trigger LANGUAGE plpgsql SET search_path TO '' AS $function$ begin if (new.numbers, new.entries, new.head) <> (0, 0, repeat('0', 64)) then raise exception 'a register begins empty' using errcode = 'check_violation'; end if; return new; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_number() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin if not exists (select from dfworx.decisions d where d.organization_id = new.organization_id and d.number = new.numbers) then raise exception 'a number is given to a decision' using errcode = 'check_violation'; end if; return null; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_reason() RETURNS trigger LANGUAGE plpgsql SET search_path TO '' AS $function$ begin raise exception 'whoever ends a decision says why' using errcode = 'check_violation'; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_register() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin if new.numbers = old.numbers - 1 and (new.entries, new.head) = (old.entries, old.head) and not exists ( select from dfworx.decisions d where d.organization_id = new.organization_id and d.number = old.numbers) then return new; end if; if new.numbers not in (old.numbers, old.numbers + 1) and not (new.numbers > old.numbers and dfworx.am_system() and exists (select from dfworx.decisions d where d.organization_id = new.organization_id and d.number = new.numbers and d.origin is not null)) then raise exception 'a register only grows' using errcode = 'check_violation'; end if; if new.entries < old.entries or (new.entries = old.entries and new.head <> old.head) or (new.entries > old.entries and new.head is distinct from (select l.digest from dfworx.ledger l where l.organization_id = new.organization_id and l.position = new.entries)) then raise exception 'a register only grows' using errcode = 'check_violation'; end if; return new; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_revision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin if not exists (select from dfworx.decisions d where d.id = new.decision_id and d.version >= new.version) then raise exception 'a decision has every text that is kept' using errcode = 'check_violation'; end if; return null; end $function$
CREATE OR REPLACE FUNCTION dfworx.guard_template() RETURNS trigger LANGUAGE plpgsql SET search_path TO '' AS $function$ begin raise exception 'how a decision is made stays' using errcode = 'check_violation'; end $function$
CREATE OR REPLACE FUNCTION dfworx.has_accounts() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select exists (select from dfworx.users) $function$
CREATE OR REPLACE FUNCTION dfworx.invitation(secret_hash text) RETURNS TABLE(organization_id uuid, organization_name text, organization_slug text, role text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select o.id, o.name, o.slug, i.role from dfworx.invitations i join dfworx.organizations o on o.id = i.organization_id where i.token_hash = secret_hash and i.revoked_at is null and i.expires_at > now() and i.uses < i.max_uses $function$
CREATE OR REPLACE FUNCTION dfworx.is_as_its_template(d dfworx.decisions) RETURNS boolean LANGUAGE sql STABLE SET search_path TO '' AS $function$ with own as (select * from dfworx.decision_templates t where t.organization_id = d.organization_id) select exists ( select from ( select name, quorum_share, quorum_least, share, comment_hours, is_business_days, is_hidden, is_anonymous from own union all select b.*, 72, false, false, false from (values ('Consent', 50, 1, 0), ('Advice', 0, 0, 0), ('Consensus', 100, 1, 100), ('Majority', 50, 1, 50)) b where not exists (select from own)) t, (select count(*)::integer as count from dfworx.decision_askings a where a.decision_id = d.id) asked where (t.name, t.share, t.comment_hours, t.is_business_days, t.is_hidden, t.is_anonymous) = (d.template, d.share, d.comment_hours, d.is_business_days, d.is_hidden, d.is_anonymous) and d.quorum = case asked.count when 0 then t.quorum_least else least(asked.count, greatest(t.quorum_least, (asked.count * t.quorum_share + 99) / 100)) end) $function$
CREATE OR REPLACE FUNCTION dfworx.is_my_new_place(place uuid, organization uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ begin return exists (select from dfworx.places p where p.id = place and p.organization_id = organization and p.xmin = pg_current_xact_id()::xid and p.created_by = any(dfworx.my_membership_ids())); end $function$
CREATE OR REPLACE FUNCTION dfworx.is_said(said jsonb, d dfworx.decisions) RETURNS boolean LANGUAGE sql STABLE SET search_path TO '' AS $function$ select coalesce(said @> jsonb_build_object('title', d.title, 'context', d.context, 'drivers', d.drivers, 'options', d.options, 'chosen', d.chosen, 'outcome', d.outcome, 'consequences', d.consequences, 'confirmation', d.confirmation, 'more', d.more, 'consulted', d.consulted, 'informed', d.informed, 'review_on', d.review_on) and jsonb_array_length(said -> 'options') = jsonb_array_length(d.options) and said -> 'paths' = d.paths and coalesce(said -> 'channels', '[]') = d.channels, false) $function$
CREATE OR REPLACE FUNCTION dfworx.keep_an_owner() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin if old.role = 'owner' and old.left_at is null and (new.role <> 'owner' or new.left_at is not null) then perform from dfworx.organizations o where o.id = old.organization_id for update; if not exists (select from dfworx.memberships m where m.organization_id = old.organization_id and m.role = 'owner' and m.left_at is null and m.user_id is not null and m.id <> old.id) then raise exception 'the last owner' using errcode = 'DF001'; end if; end if; return new; end $function$
CREATE OR REPLACE FUNCTION dfworx.keep_denials(denials jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path TO '' AS $function$ insert into dfworx.audit_events (id, created_at, organization_id, user_id, membership_id, session_id, name, about, details, denied_times) select d.id, d.created_at, d.organization_id, d.user_id, d.membership_id, d.session_id, d.name, d.about, d.details, d.denied_times from jsonb_to_recordset(denials) as d (id uuid, created_at timestamptz, organization_id uuid, user_id uuid, membership_id uuid, session_id uuid, name text, about uuid, details jsonb, denied_times integer) where d.denied_times > 0 $function$
CREATE OR REPLACE FUNCTION dfworx.keep_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin insert into dfworx.decision_history (id, created_at, changed_at, organization_id, decision_id, state) values (gen_random_uuid(), now(), clock_timestamp(), new.organization_id, new.id, to_jsonb(new)); return null; end $function$
CREATE OR REPLACE FUNCTION dfworx.keep_reset_link(member uuid, link uuid, secret_hash text, lasting interval) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare whose uuid; begin select m.user_id into whose from dfworx.memberships m where m.id = member and m.left_at is null and m.user_id is distinct from dfworx.my_user_id() and (m.organization_id = any(dfworx.my_organization_ids_as('owner')) or (m.role <> 'owner' and m.organization_id = any(dfworx.my_organization_ids_as('admin')))) and dfworx.admin_reaches(m.user_id); if whose is null then return null; end if; insert into dfworx.mailed_links (id, created_at, user_id, purpose, token_hash, expires_at) values (link, now(), whose, 'reset', secret_hash, now() + lasting); return whose; end $function$
CREATE OR REPLACE FUNCTION dfworx.keep_terms() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare found tsvector := dfworx.decision_words(new.title, new.chosen, new.drivers, new.outcome); begin insert into dfworx.decision_terms (id, created_at, organization_id, decision_id, terms) values (gen_random_uuid(), now(), new.organization_id, new.id, found) on conflict (decision_id) do update set terms = excluded.terms; insert into dfworx.known_terms (id, created_at, organization_id, term) select gen_random_uuid(), now(), new.organization_id, t.term from unnest(tsvector_to_array(found)) t (term) where length(t.term) between 3 and 60 and not exists (select from dfworx.known_terms k where k.organization_id = new.organization_id and k.term = t.term); return null; end $function$
CREATE OR REPLACE FUNCTION dfworx.late_answers() RETURNS TABLE(organization_id uuid, decision_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select distinct l.organization_id, l.decision_id from dfworx.late_askings( array(select d.id from dfworx.decisions d where d.status in ('proposed', 'final_comment'))) l limit 200 $function$
CREATE OR REPLACE FUNCTION dfworx.late_askings(among uuid[]) RETURNS TABLE(organization_id uuid, decision_id uuid, asking_id uuid, occasion uuid) LANGUAGE sql STABLE SET search_path TO '' AS $function$ select d.organization_id, d.id, a.id, last.occasion from dfworx.decisions d join dfworx.decision_askings a on a.decision_id = d.id cross join lateral (select asked.at, asked.occasion from ( select a.created_at, d.id union all select r.created_at, r.id from dfworx.decision_revisions r where r.decision_id = d.id and r.version = d.version and d.version > 1 union all select c.closed_at, c.id from dfworx.concerns c where c.decision_id = d.id and c.owner_id = a.membership_id and c.state <> 'open' ) asked (at, occasion) order by asked.at desc limit 1) last where d.id = any(among) and d.status in ('proposed', 'final_comment') and (a.reminded_at is null or a.reminded_at < last.at) and (last.at < now() - interval '2 days' or (d.comment_ends_at < now() + interval '1 day' and last.at < now() - interval '1 hour')) and not exists (select from dfworx.positions p where p.decision_id = d.id and p.membership_id = a.membership_id and p.version = d.version) and not exists (select from dfworx.concerns c where c.decision_id = d.id and c.owner_id = a.membership_id and c.state = 'open') $function$
CREATE OR REPLACE FUNCTION dfworx.leave_places() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin delete from dfworx.place_members pm where pm.membership_id = new.id; return new; end $function$
CREATE OR REPLACE FUNCTION dfworx.mark_conversation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin update dfworx.threads set is_record = true where id = new.thread_id and not is_record; return null; end $function$
CREATE OR REPLACE FUNCTION dfworx.member_emails(organization uuid) RETURNS TABLE(membership_id uuid, email text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select m.id, u.email from dfworx.memberships m join dfworx.users u on u.id = m.user_id where m.organization_id = organization and m.left_at is null and organization = any(dfworx.my_organization_ids_as('owner', 'admin')) $function$
CREATE OR REPLACE FUNCTION dfworx.migration() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select version_num from dfworx.alembic_version $function$
CREATE OR REPLACE FUNCTION dfworx.my_author_ids() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ declare mine uuid[] := dfworx.my_membership_ids(); begin return mine || array(select a.id from dfworx.memberships a where a.claimed_by = any(mine)); end $function$
CREATE OR REPLACE FUNCTION dfworx.my_membership_ids() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ declare claims jsonb := nullif(current_setting('request.jwt.claims', true), ''); begin return (select coalesce(array_agg(m.id), '{}') from dfworx.memberships m where m.user_id = (claims ->> 'sub')::uuid and m.left_at is null); end $function$
CREATE OR REPLACE FUNCTION dfworx.my_organization_ids() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ declare claims jsonb := nullif(current_setting('request.jwt.claims', true), ''); begin if claims ->> 'actor' = 'system' then return array[(claims ->> 'organization_id')::uuid]; end if; return (select coalesce(array_agg(m.organization_id), '{}') from dfworx.memberships m where m.user_id = (claims ->> 'sub')::uuid and m.left_at is null); end $function$
CREATE OR REPLACE FUNCTION dfworx.my_organization_ids_as(VARIADIC roles text[]) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ declare claims jsonb := nullif(current_setting('request.jwt.claims', true), ''); begin if claims ->> 'actor' = 'system' then return array[(claims ->> 'organization_id')::uuid]; end if; return (select coalesce(array_agg(m.organization_id), '{}') from dfworx.memberships m where m.user_id = (claims ->> 'sub')::uuid and m.left_at is null and m.role = any(roles)); end $function$
CREATE OR REPLACE FUNCTION dfworx.my_organization_ids_ever() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ declare claims jsonb := nullif(current_setting('request.jwt.claims', true), ''); begin if claims ->> 'actor' = 'system' then return array[(claims ->> 'organization_id')::uuid]; end if; return (select coalesce(array_agg(m.organization_id), '{}') from dfworx.memberships m where m.user_id = (claims ->> 'sub')::uuid); end $function$
CREATE OR REPLACE FUNCTION dfworx.my_password_hash() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select p.hash from dfworx.passwords p where p.user_id = dfworx.my_user_id() $function$
CREATE OR REPLACE FUNCTION dfworx.my_place_ids() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ declare claims jsonb := nullif(current_setting('request.jwt.claims', true), ''); organization uuid := (claims ->> 'organization_id')::uuid; begin if claims ->> 'actor' = 'system' then return (select coalesce(array_agg(p.id), '{}') from dfworx.places p where p.organization_id = organization); end if; return ( select coalesce(array_agg(p.id), '{}') from dfworx.memberships m join dfworx.places p on p.organization_id = m.organization_id where m.user_id = (claims ->> 'sub')::uuid and m.left_at is null and (organization is null or m.organization_id = organization) and ((p.visibility <> 'members' and m.role <> 'guest') or exists (select from dfworx.place_members pm where pm.place_id = p.id and pm.membership_id = m.id))); end $function$
CREATE OR REPLACE FUNCTION dfworx.my_role(organization uuid) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ declare claims jsonb := nullif(current_setting('request.jwt.claims', true), ''); begin return (select m.role from dfworx.memberships m where m.organization_id = organization and m.user_id = (claims ->> 'sub')::uuid and m.left_at is null); end $function$
CREATE OR REPLACE FUNCTION dfworx.my_user_id() RETURNS uuid LANGUAGE plpgsql STABLE SET search_path TO '' AS $function$ begin return nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'; end $function$
CREATE OR REPLACE FUNCTION dfworx.refresh_family(secret_hash text) RETURNS TABLE(user_id uuid, session_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select t.user_id, t.session_id from dfworx.refresh_tokens t join dfworx.sessions s on s.id = t.session_id where t.token_hash = secret_hash and s.revoked_at is null $function$
CREATE OR REPLACE FUNCTION dfworx.refresh_session(spent_hash text, successor uuid, successor_hash text, idle interval, grace interval) RETURNS TABLE(user_id uuid, session_id uuid, expires_at timestamp with time zone, is_reused boolean) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare token dfworx.refresh_tokens; family dfworx.sessions; begin select s.* into family from dfworx.sessions s join dfworx.users u on u.id = s.user_id and u.deactivated_at is null where s.id = (select t.session_id from dfworx.refresh_tokens t where t.token_hash = spent_hash) and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - idle for update of s; if family.id is null then return; end if; select t.* into token from dfworx.refresh_tokens t where t.token_hash = spent_hash; if token.spent_at is null then update dfworx.refresh_tokens t set spent_at = clock_timestamp() where t.id = token.id; insert into dfworx.refresh_tokens (id, created_at, user_id, session_id, token_hash) values (successor, now(), family.user_id, family.id, successor_hash); elsif token.spent_at < clock_timestamp() - grace or not exists ( select from dfworx.refresh_tokens t where t.token_hash = successor_hash and t.spent_at is null) then update dfworx.sessions s set revoked_at = now() where s.id = family.id; return query select family.user_id, family.id, family.expires_at, true; return; end if; update dfworx.sessions s set last_seen_at = now() where s.id = family.id; return query select family.user_id, family.id, family.expires_at, false; end $function$
CREATE OR REPLACE FUNCTION dfworx.register_user(new_id uuid, address text, display_name text, password_hash text, first_only boolean) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare made uuid; begin if first_only then lock table dfworx.users in share row exclusive mode; -- two first runs at once: one wins if exists (select from dfworx.users) then return false; end if; end if; insert into dfworx.users (id, created_at, email, name, is_server_admin) values (new_id, now(), address, display_name, first_only) on conflict (email) do nothing returning id into made; if made is null then return false; end if; insert into dfworx.passwords (id, created_at, user_id, hash) values (gen_random_uuid(), now(), new_id, password_hash); return true; end $function$
CREATE OR REPLACE FUNCTION dfworx.remove_demo(thread uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare demo record; begin perform from dfworx.threads t where t.id = thread and t.origin = 'demo' and t.organization_id = any(dfworx.my_organization_ids_as('owner', 'admin')) for update; if not found then raise insufficient_privilege; end if; for demo in select d.id, d.thread_id, d.number, d.organization_id from dfworx.decisions d join dfworx.threads t on t.id = thread and t.created_by = d.created_by where d.source_thread_id = thread and d.status = 'withdrawn' for update of d loop delete from dfworx.evidence_snapshots s using dfworx.evidence e where e.id = s.evidence_id and e.decision_id = demo.id; delete from dfworx.evidence where decision_id = demo.id; perform from dfworx.registers r where r.organization_id = demo.organization_id and r.numbers = demo.number for update; if not found then update dfworx.decisions set source_thread_id = null where id = demo.id; continue; end if; delete from dfworx.taggings where kind = 'decision' and subject_id = demo.id; delete from dfworx.concern_replies r using dfworx.concerns c where c.id = r.concern_id and c.decision_id = demo.id; delete from dfworx.concerns where decision_id = demo.id; delete from dfworx.ballots where decision_id = demo.id; delete from dfworx.positions where decision_id = demo.id; delete from dfworx.decision_terms where decision_id = demo.id; delete from dfworx.mailed_notices where decision_id = demo.id; delete from dfworx.decision_askings where decision_id = demo.id; delete from dfworx.decision_citations where decision_id = demo.id; delete from dfworx.decision_history where decision_id = demo.id; delete from dfworx.decision_revisions where decision_id = demo.id; delete from dfworx.decisions where id = demo.id; update dfworx.registers set numbers = numbers - 1 where organization_id = demo.organization_id; perform dfworx.empty_thread(demo.thread_id); end loop; perform dfworx.empty_thread(thread); end $function$
CREATE OR REPLACE FUNCTION dfworx.reset_password(secret_hash text, password_hash text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare whose uuid := dfworx.use_link(secret_hash, 'reset'); begin if whose is null then return null; end if; update dfworx.passwords set hash = password_hash where user_id = whose; update dfworx.mailed_links set used_at = now() where user_id = whose and purpose = 'reset' and used_at is null; update dfworx.sessions set revoked_at = now() where user_id = whose and revoked_at is null; update dfworx.personal_tokens set revoked_at = now() where user_id = whose and revoked_at is null; return whose; end $function$
CREATE OR REPLACE FUNCTION dfworx.session_identity(session uuid, organization_slug text, idle interval) RETURNS TABLE(user_id uuid, user_name text, is_server_admin boolean, organization_id uuid, membership_id uuid, role text) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin update dfworx.sessions s set last_seen_at = now() where s.id = session and s.revoked_at is null and s.last_seen_at < now() - interval '5 minutes' and s.last_seen_at > now() - idle and s.expires_at > now(); return query select u.id, u.name::text, u.is_server_admin, o.id, m.id, m.role::text from dfworx.sessions s join dfworx.users u on u.id = s.user_id and u.deactivated_at is null left join dfworx.organizations o on o.slug = organization_slug left join dfworx.memberships m on m.organization_id = o.id and m.user_id = u.id and m.left_at is null where s.id = session and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - idle; end $function$
CREATE OR REPLACE FUNCTION dfworx.similar_decisions(organization uuid, words text, most integer) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ declare places uuid[] := dfworx.my_place_ids(); query tsquery; begin if organization <> all(dfworx.my_organization_ids()) then return; end if; with asked as ( select a.term, exists (select from dfworx.known_terms k where k.organization_id = organization and k.term = a.term) as is_known from unnest(tsvector_to_array(to_tsvector('english', words))) a (term) ), meant as ( select term from asked where is_known union select near.term from asked cross join lateral ( select k.term from dfworx.known_terms k where k.organization_id = organization and k.term operator(dfworx_extensions.%) asked.term group by k.term order by dfworx_extensions.similarity(k.term, asked.term) desc, k.term limit 2) near where not asked.is_known and length(asked.term) between 4 and 60 ) select string_agg('''' || translate(term, '\''', '') || '''', ' | ')::tsquery into query from meant; if query is null then return; end if; return query select near.decision_id from ( select d.decision_id from dfworx.decision_terms d where d.organization_id = organization and d.terms @@ query order by ts_rank_cd(d.terms, query, 1) desc, d.decision_id desc offset 0 ) near where exists (select from dfworx.decisions d join dfworx.threads t on t.id = d.thread_id where d.id = near.decision_id and d.number is not null and t.place_id = any(places)) limit most; end $function$
CREATE OR REPLACE FUNCTION dfworx.take_digest(member uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin if not dfworx.am_system() then raise insufficient_privilege; end if; insert into dfworx.digests (id, created_at, organization_id, membership_id, sent_at) select gen_random_uuid(), now(), m.organization_id, m.id, now() from dfworx.memberships m where m.id = member and m.organization_id = any(dfworx.my_organization_ids()) on conflict (membership_id) do update set sent_at = excluded.sent_at where digests.sent_at < excluded.sent_at - interval '3 days'; return found; end $function$
CREATE OR REPLACE FUNCTION dfworx.token_identity(secret_hash text, organization_slug text) RETURNS TABLE(user_id uuid, user_name text, token_id uuid, scope text, is_bound boolean, organization_id uuid, membership_id uuid, role text) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ begin update dfworx.personal_tokens t set last_used_at = now() where t.token_hash = secret_hash and t.revoked_at is null and t.expires_at > now() and (t.last_used_at is null or t.last_used_at < now() - interval '1 minute'); return query select u.id, u.name::text, t.id, t.scope::text, t.organization_id is not null, o.id, m.id, m.role::text from dfworx.personal_tokens t join dfworx.users u on u.id = t.user_id and u.deactivated_at is null left join dfworx.organizations o on o.slug = organization_slug and o.id = coalesce(t.organization_id, o.id) left join dfworx.memberships m on m.organization_id = o.id and m.user_id = u.id and m.left_at is null where t.token_hash = secret_hash and t.revoked_at is null and t.expires_at > now(); end $function$
CREATE OR REPLACE FUNCTION dfworx.totals() RETURNS TABLE(people bigint, messages bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' AS $function$ select (select count(*) from dfworx.users where deactivated_at is null), (select coalesce(sum(last_seq), 0)::bigint from dfworx.threads) $function$
CREATE OR REPLACE FUNCTION dfworx.use_link(secret_hash text, what_for text) RETURNS uuid LANGUAGE sql SECURITY DEFINER SET search_path TO '' AS $function$ update dfworx.mailed_links l set used_at = now() where l.token_hash = secret_hash and l.purpose = what_for and l.used_at is null and l.expires_at > now() and exists (select from dfworx.users u where u.id = l.user_id and u.deactivated_at is null) returning l.user_id $function$
CREATE OR REPLACE FUNCTION dfworx.verify_email(secret_hash text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path TO '' AS $function$ declare whose uuid := dfworx.use_link(secret_hash, 'verify'); begin update dfworx.users set email_verified_at = coalesce(email_verified_at, now()) where id = whose; return whose; end $function$

-- triggers
CREATE CONSTRAINT TRIGGER guard_counted AFTER INSERT ON dfworx.ledger DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION dfworx.guard_counted()
CREATE CONSTRAINT TRIGGER guard_kept AFTER INSERT OR UPDATE ON dfworx.decisions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION dfworx.guard_kept()
CREATE CONSTRAINT TRIGGER guard_number AFTER UPDATE ON dfworx.registers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((CURRENT_USER = 'authenticated'::name) AND (new.numbers <> old.numbers))) EXECUTE FUNCTION dfworx.guard_number()
CREATE CONSTRAINT TRIGGER guard_revision AFTER INSERT ON dfworx.decision_revisions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION dfworx.guard_revision()
CREATE TRIGGER guard_asking BEFORE INSERT ON dfworx.decision_askings FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION dfworx.guard_asking()
CREATE TRIGGER guard_decider BEFORE UPDATE ON dfworx.decisions FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION dfworx.guard_decider()
CREATE TRIGGER guard_decision BEFORE UPDATE ON dfworx.decisions FOR EACH ROW EXECUTE FUNCTION dfworx.guard_decision()
CREATE TRIGGER guard_entry BEFORE INSERT ON dfworx.ledger FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION dfworx.guard_entry()
CREATE TRIGGER guard_new_decision BEFORE INSERT ON dfworx.decisions FOR EACH ROW EXECUTE FUNCTION dfworx.guard_new_decision()
CREATE TRIGGER guard_new_register BEFORE INSERT ON dfworx.registers FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION dfworx.guard_new_register()
CREATE TRIGGER guard_reason BEFORE UPDATE ON dfworx.decisions FOR EACH ROW WHEN ((((new.status)::text <> (old.status)::text) AND ((new.status)::text = ANY ((ARRAY['rejected'::character varying, 'withdrawn'::character varying, 'deprecated'::character varying])::text[])) AND (new.closing !~ '\S'::text))) EXECUTE FUNCTION dfworx.guard_reason()
CREATE TRIGGER guard_register BEFORE UPDATE ON dfworx.registers FOR EACH ROW EXECUTE FUNCTION dfworx.guard_register()
CREATE TRIGGER guard_template BEFORE UPDATE ON dfworx.decisions FOR EACH ROW WHEN ((((old.status)::text <> 'draft'::text) AND ((new.template)::text <> (old.template)::text))) EXECUTE FUNCTION dfworx.guard_template()
CREATE TRIGGER keep_an_owner BEFORE UPDATE ON dfworx.memberships FOR EACH ROW EXECUTE FUNCTION dfworx.keep_an_owner()
CREATE TRIGGER keep_history AFTER INSERT OR UPDATE ON dfworx.decisions FOR EACH ROW EXECUTE FUNCTION dfworx.keep_history()
CREATE TRIGGER keep_terms AFTER INSERT OR UPDATE OF title, chosen, drivers, outcome ON dfworx.decisions FOR EACH ROW EXECUTE FUNCTION dfworx.keep_terms()
CREATE TRIGGER leave_places AFTER UPDATE OF left_at ON dfworx.memberships FOR EACH ROW WHEN (((old.left_at IS NULL) AND (new.left_at IS NOT NULL))) EXECUTE FUNCTION dfworx.leave_places()
CREATE TRIGGER mark_conversation AFTER INSERT ON dfworx.decisions FOR EACH ROW EXECUTE FUNCTION dfworx.mark_conversation()

-- grants on tables
audit_events: insert to authenticated
audit_events: select to authenticated
ballots: insert to authenticated
ballots: select to authenticated
changed_settings: delete to authenticated
changed_settings: insert to authenticated
changed_settings: select to anon
changed_settings: select to authenticated
changed_settings: update to authenticated
citations: delete to authenticated
citations: insert to authenticated
citations: select to authenticated
concern_replies: insert to authenticated
concern_replies: select to authenticated
concerns: insert to authenticated
concerns: select to authenticated
decision_askings: insert to authenticated
decision_askings: select to authenticated
decision_citations: delete to authenticated
decision_citations: insert to authenticated
decision_citations: select to authenticated
decision_history: select to authenticated
decision_revisions: insert to authenticated
decision_revisions: select to authenticated
decision_templates: delete to authenticated
decision_templates: insert to authenticated
decision_templates: select to authenticated
decisions: insert to authenticated
decisions: select to authenticated
evidence: insert to authenticated
evidence: select to authenticated
evidence_snapshots: insert to authenticated
evidence_snapshots: select to authenticated
imports: insert to authenticated
imports: select to authenticated
invitations: insert to authenticated
invitations: select to authenticated
ledger: insert to authenticated
ledger: select to authenticated
mailed_links: insert to authenticated
mailed_notices: delete to authenticated
mailed_notices: insert to authenticated
mailed_notices: select to authenticated
memberships: insert to authenticated
memberships: select to authenticated
message_revisions: insert to authenticated
message_revisions: select to authenticated
messages: insert to authenticated
messages: select to authenticated
organizations: select to authenticated
outbox: delete to dfworx_dispatcher
outbox: insert to authenticated
outbox: select to dfworx_dispatcher
outbox: update to dfworx_dispatcher
personal_tokens: insert to authenticated
personal_tokens: select to authenticated
place_members: delete to authenticated
place_members: insert to authenticated
place_members: select to authenticated
places: insert to authenticated
places: select to authenticated
positions: insert to authenticated
positions: select to authenticated
read_markers: insert to authenticated
read_markers: select to authenticated
refresh_tokens: insert to authenticated
registers: insert to authenticated
registers: select to authenticated
samples: delete to dfworx_dispatcher
samples: insert to dfworx_dispatcher
samples: select to authenticated
samples: select to dfworx_dispatcher
samples: update to dfworx_dispatcher
sessions: insert to authenticated
sessions: select to authenticated
stale_marks: insert to authenticated
stale_marks: select to authenticated
taggings: delete to authenticated
taggings: insert to authenticated
taggings: select to authenticated
tags: delete to authenticated
tags: insert to authenticated
tags: select to authenticated
threads: insert to authenticated
threads: select to authenticated
users: select to authenticated

-- grants on columns
concerns.closed_at: update to authenticated
concerns.closed_by: update to authenticated
concerns.reason: update to authenticated
concerns.state: update to authenticated
decision_askings.reminded_at: update to authenticated
decision_templates.comment_hours: update to authenticated
decision_templates.explanation: update to authenticated
decision_templates.is_anonymous: update to authenticated
decision_templates.is_business_days: update to authenticated
decision_templates.is_hidden: update to authenticated
decision_templates.name: update to authenticated
decision_templates.position: update to authenticated
decision_templates.quorum_least: update to authenticated
decision_templates.quorum_share: update to authenticated
decision_templates.share: update to authenticated
decisions.ballot: update to authenticated
decisions.channels: update to authenticated
decisions.chosen: update to authenticated
decisions.closed_at: update to authenticated
decisions.closing: update to authenticated
decisions.comment_ends_at: update to authenticated
decisions.comment_hours: update to authenticated
decisions.confirmation: update to authenticated
decisions.consequences: update to authenticated
decisions.consulted: update to authenticated
decisions.context: update to authenticated
decisions.decider_id: update to authenticated
decisions.drivers: update to authenticated
decisions.informed: update to authenticated
decisions.is_anonymous: update to authenticated
decisions.is_business_days: update to authenticated
decisions.is_hidden: update to authenticated
decisions.more: update to authenticated
decisions.number: update to authenticated
decisions.options: update to authenticated
decisions.outcome: update to authenticated
decisions.paths: update to authenticated
decisions.proposed_at: update to authenticated
decisions.quorum: update to authenticated
decisions.replaces: update to authenticated
decisions.review_on: update to authenticated
decisions.share: update to authenticated
decisions.status: update to authenticated
decisions.superseded_by: update to authenticated
decisions.template: update to authenticated
decisions.title: update to authenticated
decisions.version: update to authenticated
imports.at_file: update to authenticated
imports.at_message: update to authenticated
imports.files: update to authenticated
imports.finished_at: update to authenticated
imports.folder: update to authenticated
imports.heartbeat_at: update to authenticated
imports.problem: update to authenticated
imports.report: update to authenticated
imports.runner: update to authenticated
imports.senders: update to authenticated
imports.started_at: update to authenticated
imports.state: update to authenticated
invitations.revoked_at: update to authenticated
mailed_notices.mailed_at: update to authenticated
memberships.claimant_id: update to authenticated
memberships.claimed_by: update to authenticated
memberships.left_at: update to authenticated
memberships.name: update to authenticated
memberships.role: update to authenticated
messages.deleted_at: update to authenticated
messages.deleted_by: update to authenticated
messages.edited_at: update to authenticated
messages.html: update to authenticated
messages.moved_to: update to authenticated
messages.revision: update to authenticated
messages.source: update to authenticated
messages.version: update to authenticated
organizations.name: update to authenticated
personal_tokens.revoked_at: update to authenticated
places.archived_at: update to authenticated
places.description: update to authenticated
places.name: update to authenticated
read_markers.last_read_seq: update to authenticated
registers.entries: update to authenticated
registers.head: update to authenticated
registers.numbers: update to authenticated
sessions.last_seen_at: update to authenticated
sessions.revoked_at: update to authenticated
stale_marks.cleared_at: update to authenticated
stale_marks.cleared_by: update to authenticated
tags.category: update to authenticated
tags.color: update to authenticated
tags.name: update to authenticated
threads.history_seq: update to authenticated
threads.last_message_at: update to authenticated
threads.last_seq: update to authenticated
threads.place_id: update to authenticated
threads.resolved_at: update to authenticated
threads.resolved_by: update to authenticated
threads.title: update to authenticated
threads.version: update to authenticated
users.gets_digest: update to authenticated
users.name: update to authenticated
users.shows_presence: update to authenticated

-- grants on functions
accept_invitation: to authenticated
active_members: to authenticated
admin_attention: to authenticated
admin_end_sessions: to authenticated
admin_end_token: to authenticated
admin_facts: to authenticated
admin_invitations: to authenticated
admin_keep_reset_link: to authenticated
admin_names: to authenticated
admin_organizations: to authenticated
admin_people: to authenticated
admin_reaches: to authenticated
admin_rename_organization: to authenticated
admin_revoke_invitation: to authenticated
admin_sessions: to authenticated
admin_set_active: to authenticated
admin_set_role: to authenticated
admin_set_server_admin: to authenticated
admin_tokens: to authenticated
am_server: to anon
am_server: to authenticated
am_server_admin: to anon
am_server_admin: to authenticated
am_system: to anon
am_system: to authenticated
change_my_password: to authenticated
claim_author: to authenticated
create_organization: to authenticated
credential: to anon
credential: to authenticated
due_digests: to dfworx_dispatcher
ended_comments: to dfworx_dispatcher
find_threads: to authenticated
has_accounts: to anon
has_accounts: to authenticated
invitation: to anon
invitation: to authenticated
is_my_new_place: to authenticated
is_said: to authenticated
keep_denials: to anon
keep_denials: to authenticated
keep_reset_link: to authenticated
late_answers: to dfworx_dispatcher
late_askings: to authenticated
member_emails: to authenticated
migration: to anon
migration: to authenticated
my_author_ids: to anon
my_author_ids: to authenticated
my_membership_ids: to anon
my_membership_ids: to authenticated
my_organization_ids: to anon
my_organization_ids: to authenticated
my_organization_ids_as: to anon
my_organization_ids_as: to authenticated
my_organization_ids_ever: to anon
my_organization_ids_ever: to authenticated
my_password_hash: to authenticated
my_place_ids: to anon
my_place_ids: to authenticated
my_role: to anon
my_role: to authenticated
my_user_id: to anon
my_user_id: to authenticated
refresh_family: to anon
refresh_family: to authenticated
refresh_session: to anon
refresh_session: to authenticated
register_user: to anon
register_user: to authenticated
remove_demo: to authenticated
reset_password: to anon
reset_password: to authenticated
session_identity: to anon
session_identity: to authenticated
similar_decisions: to authenticated
take_digest: to authenticated
token_identity: to anon
token_identity: to authenticated
totals: to dfworx_dispatcher
verify_email: to anon
verify_email: to authenticated
