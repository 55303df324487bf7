import { z } from "zod";

/** Every kind of patient identifier, in the order in which a summary names them, with its words for one and for several. */
export const identifierTypes = {
  name: ["a name", "names"],
  date: ["a date", "dates"],
  age: ["an age over 89", "ages over 89"],
  record: ["a record number", "record numbers"],
  nhs: ["an NHS number", "NHS numbers"],
  ssn: ["a social security number", "social security numbers"],
  phone: ["a phone number", "phone numbers"],
  email: ["an e-mail address", "e-mail addresses"],
  address: ["an address", "addresses"],
  postcode: ["a postcode", "postcodes"],
  place: ["a place", "places"],
  url: ["a web address", "web addresses"],
  ip: ["a network address", "network addresses"],
  card: ["a card number", "card numbers"],
  account: ["an account number", "account numbers"],
  licence: ["a licence number", "licence numbers"],
  device: ["a device number", "device numbers"],
} as const satisfies Record<string, readonly [string, string]>;

export type IdentifierType = keyof typeof identifierTypes;

/** An identifier in a text: where it stands in UTF-16 code units, `end` behind it. */
export interface FoundIdentifier {
  start: number;
  end: number;
  type: IdentifierType;
}

/** What stood where a stored text now has a placeholder. */
export const replacedIdentifier = z.object({
  /** Such as `[NAME-1]`; the same throughout a conversation for the same identifier. */
  placeholder: z.string(),
  text: z.string(),
  type: z.enum(Object.keys(identifierTypes) as [IdentifierType, ...IdentifierType[]]),
});
export type ReplacedIdentifier = z.infer<typeof replacedIdentifier>;

/**
 * What a tenant does with identifiers in what its people write. `redact` replaces all that is found; `warn` as well, but
 * the person may say of one that it is none; `refuse` takes no text that holds any.
 */
export const identifierPolicies = ["warn", "redact", "refuse"] as const;
export type IdentifierPolicy = (typeof identifierPolicies)[number];
