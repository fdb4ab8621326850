// Looks the words of ?q= up in the titles of the site's own index. Nothing leaves the reader's
// browser, and what is found is set as text, never as HTML.
'use strict';

const SHOWN = 200;

async function search() {
  const results = document.querySelector('#results');
  const note = document.querySelector('#note');
  const words = (new URLSearchParams(location.search).get('q') || '').trim();
  for (const field of document.querySelectorAll('input[name=q]')) field.value = words;
  if (!words) {
    note.textContent = '请输入要查找的词。';
    return;
  }
  const answer = await fetch(results.dataset.index);
  if (!answer.ok) throw new Error(`${results.dataset.index}: ${answer.status}`);
  const wanted = words.toLowerCase().split(/\s+/);
  const found = (await answer.json()).filter((post) => {
    const text = `${post.title} ${post.category || ''} ${post.date}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  note.textContent = `“${words}”：找到 ${found.length} 篇`;
  results.replaceChildren(...found.slice(0, SHOWN).map(row));
}

function row(post) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = post.url;
  link.textContent = post.title;
  const meta = document.createElement('p');
  meta.className = 'meta';
  for (const text of [post.date, post.category]) {
    if (!text) continue;
    const part = document.createElement('span');
    part.textContent = text;
    meta.append(part);
  }
  item.append(link, meta);
  return item;
}

search().catch(() => {
  document.querySelector('#note').textContent = '搜索索引读取失败，请稍后再试。';
});
