/** What a tenant does with patient identifiers in what its people write, and doing it. */
export { changeIdentifierPolicy, getIdentifierPolicy } from "./policy.ts";
export { checkedText, questionRedactor } from "./redact.ts";
