'use strict';

// Hexo's `timezone` only relabels the builder's wall time. This makes the day of a post the
// one of Shanghai on every builder, as TZ=Asia/Shanghai in its environment would.
process.env.TZ = 'Asia/Shanghai';
