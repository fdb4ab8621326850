'use strict';

// Hexo's `timezone` only relabels the builder's wall time. This makes the posts' day the
// one of Shanghai on every builder, as TZ=Asia/Shanghai in its environment would.
process.env.TZ = 'Asia/Shanghai';
