-- What the guarded load's upsert is keyed by.
alter table loaded add primary key (batch, line);
