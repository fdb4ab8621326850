var ajaxResult={"rc":1,"me":"","LivesList":[
{"id":"202609283000000001","newsid":"202609283000000001","url_w":"http://finance.eastmoney.com/news/1345,202609283000000001.html","url_m":"http://wap.eastmoney.com/3g/news/article,8,345,1,202609283000000001.shtml","url_unique":"http://finance.eastmoney.com/a/202609283000000001.html","title":"【示例：央行开展操作】","simtitle":"","digest":"【示例：央行开展操作】【快讯】央行28日开展1000亿元逆回购操作。","simdigest":"央行28日开展1000亿元逆回购操作。","showtime":"2026-09-28 22:10:05","ordertime":"2026-09-28 22:15:00","sort":"1790604605000","column":"100,102,103","newstype":"1","editor_name":"","commentnum":"0","image":""},
{"id":"202609283000000004","url_w":"","url_unique":"","title":"","simtitle":"","digest":"示例公司公告称，拟以不超过5亿元回购股份；回购价格不超过每股20元。","simdigest":"","sort":"1790604000000","column":"100,103"},
{"id":"202609283000000005","newsid":"202609283000000005","url_w":"http://guba.eastmoney.com/news,600999,202609283000000005.html","url_unique":"","title":"股吧热帖","digest":"网友热议","showtime":"2026-09-28 22:00:00"},
{"id":"17","url_w":"http://data.eastmoney.com/report/info/17.html","title":"研报","digest":"研报","showtime":"2026-09-28 21:59:00"}
]};
