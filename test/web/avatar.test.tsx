import { expect, test } from 'bun:test';
import { render } from 'preact-render-to-string';
import { Avatar } from '#web/components/avatar.tsx';
import { sampleAccount } from './samples.ts';

const draw = (avatar: string) =>
  render(<Avatar account={{ ...sampleAccount(), avatar }} size={40} />);

test('whoever has no picture gets letters, by the name of the file alone', () => {
  for (const none of ['', 'https://a.example/assets/missing.png'])
    expect(draw(none)).toContain('<svg');
  for (const some of [
    'https://missing.example/media/abc.jpg',
    'https://default.example/media/missing.jpg',
    'https://a.example/media/default2.png',
  ]) {
    expect(draw(some)).toContain(`src="${some}"`);
  }
});
