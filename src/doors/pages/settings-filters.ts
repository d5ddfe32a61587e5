import { type AnyElysia, Elysia } from 'elysia';
import * as v from 'valibot';
import type { Context } from '#base/context.ts';
import { AppError } from '#base/core/errors.ts';
import { parseId } from '#base/core/ids.ts';
import { addFilter, changeFilter, type FilterInput, removeFilter } from '#domain/filters/change.ts';
import { filterLimits } from '#domain/filters/limits.ts';
import { filterContexts } from '#domain/filters/queries.ts';
import { type Filter, readFilter } from '#domain/filters/reading.ts';
import { authPlugin } from '#doors/http/auth.ts';
import { readBody } from '#doors/http/body.ts';
import { redirectTo } from '#doors/http/forms.ts';
import { formSwitch, formText } from './form-fields.ts';
import { showSettings, showSettingsAgain } from './settings-view.ts';

const PATH = '/settings/filters';
const DAY = 24 * 60 * 60;
/** How long a filter lasts, in seconds, by what the form calls it. */
const LASTS: Readonly<Record<string, number | null>> = { day: DAY, week: 7 * DAY, month: 30 * DAY };
const schema = v.object({
  words: formText(),
  title: formText(),
  whole_word: formSwitch(),
  action: v.fallback(v.picklist(['warn', 'hide']), 'warn'),
  lasts: formText(),
});
/** As the form begins. */
const FRESH = { whole_word: '1', action: 'warn', in_home: '1', in_public: '1', in_thread: '1' };

type Body = Readonly<Record<string, unknown>>;

/** `/settings/filters`: words that a person does not want to meet, where, and what happens instead. */
export const settingsFilters = (ctx: Context): AnyElysia =>
  new Elysia({ name: 'pages.settings-filters' })
    .use(authPlugin(ctx))
    .get(PATH, ({ request, caller }) => showSettings(ctx, request, caller, 'filters', FRESH), {
      signedIn: 'read:filters',
      parse: 'none',
    })
    .post(
      PATH,
      async ({ request, caller, viewer }) => {
        const body = await readBody(request);
        try {
          const { lasts: _, ...said } = readFilterForm(body);
          addFilter(ctx, viewer, said);
        } catch (error) {
          return await showSettingsAgain(ctx, request, caller, 'filters', error, body);
        }
        return redirectTo(ctx, request, PATH, { kind: 'done', text: 'The filter is there.' });
      },
      { signedIn: 'write:filters', parse: 'none' },
    )
    .get(
      `${PATH}/:id`,
      ({ request, params, caller, viewer }) => {
        const filter = readFilter(ctx, viewer, parseId(params.id));
        return showSettings(ctx, request, caller, 'filters', valuesOf(filter));
      },
      { signedIn: 'read:filters', parse: 'none' },
    )
    .post(
      `${PATH}/:id`,
      async ({ request, params, caller, viewer }) => {
        const filter = readFilter(ctx, viewer, parseId(params.id));
        const body = { ...(await readBody(request)), id: String(filter.id) };
        try {
          changeFilter(ctx, viewer, filter.id, changeOf(filter, readFilterForm(body)));
        } catch (error) {
          return await showSettingsAgain(ctx, request, caller, 'filters', error, body);
        }
        return redirectTo(ctx, request, PATH, { kind: 'done', text: 'The filter is changed.' });
      },
      { signedIn: 'write:filters', parse: 'none' },
    )
    .post(
      `${PATH}/:id/delete`,
      ({ request, params, viewer }) => {
        removeFilter(ctx, viewer, parseId(params.id));
        return redirectTo(ctx, request, PATH, { kind: 'done', text: 'The filter is gone.' });
      },
      { signedIn: 'write:filters', parse: 'none' },
    );

const everyWord = ({ keywords }: Filter) => keywords.every(({ wholeWord }) => wholeWord !== 0);

/** A filter as its form shows it; `id` makes it the form of this one. */
function valuesOf(filter: Filter): Record<string, string> {
  return {
    id: String(filter.id),
    words: filter.keywords.map(({ keyword }) => keyword).join('\n'),
    title: filter.title,
    whole_word: everyWord(filter) ? '1' : '',
    // Apps know "blur", too, which is drawn as a cover here.
    action: filter.action === 'hide' ? 'hide' : 'warn',
    lasts: 'keep',
    ...Object.fromEntries(filter.contexts.map((context) => [`in_${context}`, '1'])),
  };
}

/** What the form says as a change: a word that stays is the same one, and keeps what an app said of it. */
function changeOf(filter: Filter, form: ReadForm): FilterInput {
  const { lasts, keywords, ...said } = form;
  const { expiresIn, ...rest } = said;
  const wanted = new Map(keywords.map((each) => [each.keyword, each]));
  const known = new Set(filter.keywords.map(({ keyword }) => keyword));
  const mixed = keywords[0]?.wholeWord === everyWord(filter);
  const kept = filter.keywords.map(({ id, keyword }) => {
    const stays = wanted.get(keyword);
    if (!stays) return { id, destroy: true };
    return mixed ? { id } : { id, wholeWord: stays.wholeWord };
  });
  return {
    ...rest,
    ...(lasts === 'keep' ? {} : { expiresIn }),
    ...(form.action === 'warn' && filter.action === 'blur' ? { action: 'blur' as const } : {}),
    keywords: [...kept, ...keywords.filter(({ keyword }) => !known.has(keyword))],
  };
}

type ReadForm = Omit<Required<FilterInput>, 'keywords'> & {
  keywords: { keyword: string; wholeWord: boolean }[];
  lasts: string;
};

/** One word or phrase a line; without a title the first of them is the title. */
function readFilterForm(body: Body): ReadForm {
  const said = v.parse(schema, { ...body });
  const words = [...new Set(said.words.split('\n').map((line) => line.trim()))].filter(Boolean);
  const contexts = filterContexts.filter((name) => v.parse(formSwitch(), body[`in_${name}`]));
  const [first] = words;
  if (first === undefined) throw wrong('words', 'Write at least one word.');
  if (words.length > filterLimits.keywords) {
    throw wrong('words', `A filter has at most ${filterLimits.keywords} lines.`);
  }
  if (words.some((word) => [...word].length > filterLimits.keyword)) {
    throw wrong('words', `A line can have at most ${filterLimits.keyword} characters.`);
  }
  if ([...said.title].length > filterLimits.title) {
    throw wrong('title', `A name can have at most ${filterLimits.title} characters.`);
  }
  if (contexts.length === 0) throw wrong('contexts', 'Choose at least one place.');
  return {
    title: said.title.trim() || first,
    contexts,
    action: said.action,
    lasts: said.lasts,
    expiresIn: (Object.hasOwn(LASTS, said.lasts) ? LASTS[said.lasts] : null) ?? null,
    keywords: words.map((keyword) => ({ keyword, wholeWord: said.whole_word })),
  };
}

function wrong(field: string, sentence: string): AppError {
  return new AppError('invalid', sentence, { fields: { [field]: sentence } });
}
