-- What each tenant has asked, written before it is done, on a connection of its own: neither a rollback nor a connection that
-- dies takes it back. It can be added to, and nothing else, by its owner neither.
create table audit.statements (
	id bigint generated always as identity primary key,
	at timestamptz not null default clock_timestamp(),
	tenant_id integer not null,
	request text not null,
	statement text not null
);
create function audit.refuse() returns trigger language plpgsql as $$
	begin
		raise exception 'the audit can only be added to' using errcode = 'insufficient_privilege';
	end
$$;
create trigger append_only before update or delete or truncate on audit.statements
	for each statement execute function audit.refuse();
alter table audit.statements owner to :"owner";
alter function audit.refuse() owner to :"owner";
grant usage on schema audit to :"auditor", :"reader";
grant insert (tenant_id, request, statement) on audit.statements to :"auditor";
grant select on audit.statements to :"reader";
