/** What a person may ask for of their own: a copy of all that is kept, and its end; and what goes by its date. */
export { eraseByOperator, eraseMe } from "./erase.ts";
export { requestOwnData } from "./request-own-data.ts";
export { startKeepingToDates } from "./retention.ts";
