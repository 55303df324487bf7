-- What search needs of messages that were moved to the object store.
SELECT 1;
