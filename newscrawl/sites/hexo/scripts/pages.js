'use strict';

// The feed, and the index that the search page reads. Both hold the newest posts.
const IN_FEED = 30;
const IN_SEARCH = 3000;

hexo.extend.generator.register('feed', (locals) => ({
  path: 'atom.xml',
  layout: ['feed'],
  data: { posts: locals.posts.sort('-date').limit(IN_FEED) },
}));

hexo.extend.generator.register('search-index', (locals) => {
  const urlFor = hexo.extend.helper.get('url_for').bind(hexo);
  const rows = locals.posts.sort('-date').limit(IN_SEARCH).map((post) => {
    const category = post.categories.last();
    return {
      title: post.title,
      url: urlFor(post.path),
      date: post.date.format('YYYY-MM-DD'),
      category: category ? category.name : null,
    };
  });
  return { path: 'search.json', data: JSON.stringify(rows) };
});
