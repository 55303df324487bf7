-- Tokens of identity providers are not kept any more: nothing of ours uses them.
UPDATE "accounts" SET "access_token" = null, "refresh_token" = null, "id_token" = null
  WHERE "access_token" is not null OR "refresh_token" is not null OR "id_token" is not null;
