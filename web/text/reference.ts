/** `/api/docs`: the reference of the client API. */
export const reference = {
  title: 'For apps',
  lead: 'This server speaks the client API of Mastodon, with the fields of Pixelfed. Ids are texts of digits, times are UTC with milliseconds, and lists are paged by their Link header. What you send may stand in the query, or come as JSON or as a form.',
  document: 'The same for programs (OpenAPI 3.1)',
  chapters: 'Chapters',
  answers: 'Answers',
  required: 'required',
};
