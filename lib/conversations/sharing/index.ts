/** Sharing a conversation: who takes part, links to join by, what was read, who is asking. */
export { type AttendedEvent, attend } from "./attend.ts";
export { findColleagues } from "./colleagues.ts";
export { createLink, join, type LinkedConversation, listLinks, openLink, revokeLink } from "./links.ts";
export { changeRole, invite, listPeople, removePerson } from "./participants.ts";
export { setAsking } from "./presence.ts";
export { markRead } from "./read-marks.ts";
