import type { Shell } from '#doors/entities/page-types.ts';
import type {
  ListPage as ListProps,
  ListsPage as Props,
} from '#doors/entities/social-page-types.ts';
import { Ask } from '#web/components/ask.tsx';
import { Button } from '#web/components/button.tsx';
import { Empty } from '#web/components/empty.tsx';
import { Field } from '#web/components/field.tsx';
import { Form } from '#web/components/form.tsx';
import { Pager } from '#web/components/pager.tsx';
import { Person } from '#web/components/person.tsx';
import { PostButton } from '#web/components/post-button.tsx';
import { Section } from '#web/components/section.tsx';
import { Switch } from '#web/components/switch.tsx';
import { explore as words } from '#web/text/explore.ts';

/** `/lists`. POST there {csrf, title, exclusive} makes one. */
export function ListsPage({ shell, props }: { shell: Shell; props: Props }) {
  const { lists } = props;
  return (
    <>
      <div class="page-head inset">
        <h1 class="list-title">{words.lists}</h1>
      </div>
      {lists.length === 0 ? (
        <Empty title={words.noLists} text={words.listsLead} />
      ) : (
        <div class="inset">
          <p class="soft">{words.listsLead}</p>
          <ul class="rows">
            {lists.map(({ id, title }) => (
              <li class="row spread" key={id}>
                <a href={`/lists/${id}`} dir="auto">
                  {title}
                </a>
                <a class="small" href={`/lists/${id}/edit`} aria-label={words.editOf(title)}>
                  {words.listEdit}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="inset">
        <Form action="/lists" csrf={shell.viewer?.csrf ?? ''}>
          <Field label={words.newList} name="title" maxLength={255} required />
          <Switch
            name="exclusive"
            label={words.exclusive}
            hint={words.exclusiveHint}
            checked={false}
          />
          <div>
            <Button look="main">{words.makeList}</Button>
          </div>
        </Form>
      </div>
    </>
  );
}

function Members({ csrf, props }: { csrf: string; props: ListProps }) {
  const { id, people } = props;
  return (
    <Section title={words.listMembers}>
      {people.length === 0 ? (
        <p class="soft">{words.listNobody}</p>
      ) : (
        <ul class="rows">
          {people.map((account) => (
            <Person key={account.id} account={account}>
              <PostButton
                action={`/lists/${id}/remove`}
                csrf={csrf}
                label={words.listTakeOut}
                small
                fields={{ account: account.id }}
              />
            </Person>
          ))}
        </ul>
      )}
      <Pager newer={props.newer} older={props.older} />
      <Form action={`/lists/${id}/add`} csrf={csrf}>
        <Field
          label={words.listAdd}
          name="who"
          hint={words.listAddHint}
          autocapitalize="none"
          required
        />
        <div>
          <Button>{words.listAddGo}</Button>
        </div>
      </Form>
    </Section>
  );
}

/**
 * `/lists/ID/edit`. POST there {csrf, title, exclusive}; /lists/ID/add {csrf, who}, /lists/ID/remove
 * {csrf, account}, /lists/ID/delete {csrf}.
 */
export function ListPage({ shell, props }: { shell: Shell; props: ListProps }) {
  const csrf = shell.viewer?.csrf ?? '';
  const path = `/lists/${props.id}`;
  return (
    <>
      <div class="page-head inset">
        <h1 class="list-title" dir="auto">
          {props.title}
        </h1>
        <a href={path}>{words.listShow}</a>
      </div>
      <div class="inset stack-wide">
        <Members csrf={csrf} props={props} />
        <Section title={words.listSettings}>
          <Form action={`${path}/edit`} csrf={csrf}>
            <Field
              label={words.listName}
              name="title"
              value={props.title}
              maxLength={255}
              required
            />
            <Switch
              name="exclusive"
              label={words.exclusive}
              hint={words.exclusiveHint}
              checked={props.exclusive}
            />
            <div>
              <Button look="main">{words.listSave}</Button>
            </div>
          </Form>
          <Ask
            label={words.listRemove}
            question={words.listRemoveAsk}
            yes={words.listRemove}
            action={`${path}/delete`}
            csrf={csrf}
          />
        </Section>
      </div>
    </>
  );
}
