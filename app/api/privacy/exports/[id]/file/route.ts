export { getJobFile as GET } from "../../../../job-file.ts";
