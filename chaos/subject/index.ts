/** What a subject imports, as `from "faultline/subject"`. */
export { type SubjectClock, subjectClock } from "./clock.ts";
export { type SubjectPace, subjectPace } from "./pace.ts";
