import type { Shell } from '#doors/entities/page-types.ts';
import type {
  MessagesPage as Props,
  ThreadPage as ThreadProps,
} from '#doors/entities/social-page-types.ts';
import type { AccountJson, StatusJson } from '#doors/entities/types.ts';
import { displayName, postPath, profilePath } from '#web/client/address.ts';
import { Avatar } from '#web/components/avatar.tsx';
import { Button } from '#web/components/button.tsx';
import { DateText } from '#web/components/date.tsx';
import { Empty } from '#web/components/empty.tsx';
import { Field, TextArea } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Html } from '#web/components/html.tsx';
import { Pager } from '#web/components/pager.tsx';
import { Sifted } from '#web/components/sifted.tsx';
import { messages as words } from '#web/text/messages.ts';
import { posts } from '#web/text/posts.ts';
import { sifting } from '#web/text/sifting.ts';
import { site } from '#web/text/site.ts';

const names = (people: readonly AccountJson[]) =>
  people.length === 0 ? words.nobodyLeft : people.map(displayName).join(', ');

/** The last words of a conversation; of what a filter covers only its name. */
function lastWords(last: StatusJson | null): string {
  const [match] = last?.filtered ?? [];
  return match ? sifting.covered(match.filter.title) : (last?.content_text ?? '');
}

/** `/messages`. POST there {csrf, to, text} begins a conversation. */
export function MessagesPage({ shell, props }: { shell: Shell; props: Props }) {
  const { conversations, to, newer, older } = props;
  return (
    <>
      <div class="page-head inset">
        <h1 class="list-title">{words.title}</h1>
      </div>
      <details class="panel inset message-new" open={to !== '' || conversations.length === 0}>
        <summary>{words.begin}</summary>
        <Form action="/messages" csrf={shell.viewer?.csrf ?? ''}>
          <Field
            label={words.to}
            name="to"
            hint={words.toHint}
            value={to}
            autocapitalize="none"
            required
          />
          <TextArea label={words.text} name="text" rows={3} maxLength={5000} required />
          <div>
            <Button look="main">{words.send}</Button>
          </div>
        </Form>
      </details>
      {conversations.length === 0 ? (
        <Empty title={words.emptyTitle} text={words.empty} />
      ) : (
        <ol class="plain inset">
          {conversations.map(({ id, people, last, unread }) => (
            <li key={id} class={unread ? 'talk talk-unread' : 'talk'}>
              {people[0] && <Avatar account={people[0]} size={40} />}
              <a class="talk-link" href={`/messages/${id}#end`}>
                <span class="talk-names">{names(people)}</span>
                {unread && <span class="unseen">{words.unread}</span>}
                <span class="talk-last soft small">{lastWords(last)}</span>
              </a>
              {last && (
                <span class="small soft">
                  <DateText at={last.created_at} recent />
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      <Pager newer={newer} older={older} />
    </>
  );
}

function Message({ message, own }: { message: StatusJson; own: boolean }) {
  const photos = message.media_attachments.length;
  return (
    <li class={own ? 'message message-own' : 'message'} id={`message-${message.id}`}>
      {!own && <p class="small soft">{displayName(message.account)}</p>}
      <Sifted post={message}>
        <Html className="message-body" html={message.content} />
        {photos > 0 && (
          <p class="small">
            <a href={postPath(message)}>{posts.photos(photos)}</a>
          </p>
        )}
      </Sifted>
      <p class="small soft">
        <a class="quiet" href={postPath(message)}>
          <DateText at={message.created_at} recent />
        </a>
      </p>
    </li>
  );
}

/** `/messages/ID`. POST there {csrf, text} answers. */
export function ThreadPage({ shell, props }: { shell: Shell; props: ThreadProps }) {
  const { id, people, messages, newer, older } = props;
  return (
    <>
      <div class="page-head inset">
        <h1 class="list-title">{words.with(names(people))}</h1>
        <a href="/messages">{site.back}</a>
      </div>
      <p class="inset row">
        {people.map((account) => (
          <a key={account.id} class="small" href={profilePath(account)}>{`@${account.acct}`}</a>
        ))}
      </p>
      <Pager newer={newer} older={older} />
      <ol class="plain inset messages">
        {messages.map((message) => (
          <Message
            key={message.id}
            message={message}
            own={message.account.id === shell.viewer?.account.id}
          />
        ))}
      </ol>
      <div class="inset message-answer" id="end">
        <p class="hint">{words.notSecret}</p>
        <Form action={`/messages/${id}`} csrf={shell.viewer?.csrf ?? ''}>
          <TextArea label={words.answer} name="text" rows={3} maxLength={5000} required />
          <div>
            <Button look="main">{words.send}</Button>
          </div>
        </Form>
      </div>
    </>
  );
}
