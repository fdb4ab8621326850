"""The words of the replica's invented news. Nothing here is taken from a publisher."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Company:
    """An invented listed company; ``digits`` is a code that no exchange has issued."""

    name: str
    market: str
    digits: str

    @property
    def symbol(self) -> str:
        """Market and digits: ``sh699001``."""
        return f"{self.market}{self.digits}"

    @property
    def quote(self) -> str:
        """The market as a number, and digits: ``1.699001`` in Shanghai, ``0.`` in Shenzhen."""
        return f"{int(self.market == 'sh')}.{self.digits}"


COMPANIES = (
    Company("远山银行", "sh", "699001"),
    Company("青屿能源", "sh", "699002"),
    Company("北塬证券", "sh", "699003"),
    Company("云麓半导体", "sh", "699004"),
    Company("临港船舶", "sh", "699005"),
    Company("澄湖医药", "sz", "099001"),
    Company("沐阳食品", "sz", "099002"),
    Company("星桥软件", "sz", "399901"),
)

MEDIA = (
    "远山证券报·远山证券网",
    "21世纪远山报道",
    "青屿日报",
    "IT观察室",
    "36记",
    "北塬国际(香港)",
    "财经 甲乙APP",
    "AI财经屋",
    "重庆商讯",
    "厦门晚谈",
    "银行会计观察",
    "绿洲网",
    "甲/乙周报",
    "长江投行笔记",
)

PEOPLE = ("林一舟", "沈知微", "陆远山", "顾清和", "江晚晴", "许长庚", "白书言", "赵澄")

TABLES: dict[str, tuple[str, ...]] = {
    "who": (
        "远山省统计部门",
        "青屿市发改部门",
        "北塬研究院",
        "行业协会",
        "多家机构",
        "临港新区管委会",
        "澄湖交易所",
        "监管人士",
        "一位不愿具名的分析师",
        "公司董事会",
        "多名基金经理",
        "外汇交易员",
        "产业园负责人",
        "券商首席经济学家",
        "港口运营方",
        "第三方数据平台",
    ),
    "day": (
        "昨日",
        "今日早间",
        "本周三",
        "上周末",
        "近日",
        "午后",
        "在一场闭门会上",
        "在季度例会上",
        "收盘后",
        "凌晨",
        "节前最后一个交易日",
        "在投资者交流会上",
    ),
    "say": (
        "表示",
        "披露",
        "在公告中称",
        "预计",
        "回应称",
        "提示",
        "测算",
        "强调",
        "在报告中写道",
        "透露",
    ),
    "what": (
        "新增社会用电量",
        "集装箱吞吐量",
        "新能源车零售",
        "半导体设备订单",
        "消费贷余额",
        "土地成交面积",
        "跨境结算金额",
        "中药材价格指数",
        "锂盐报价",
        "夜间客流",
        "城投债发行规模",
        "出口退税额",
        "公募基金份额",
        "数据中心机柜上架率",
        "乳制品库存",
        "铁路货运量",
        "碳配额成交价",
        "算力租赁价格",
    ),
    "move": (
        "同比增长",
        "环比回落",
        "较年初上升",
        "比预期高出",
        "连续三个月收窄至",
        "创下年内新高，升幅为",
        "低于市场中值",
        "小幅回升",
        "单日波动达到",
        "累计下降",
    ),
    "why": (
        "主要受季节性因素影响",
        "与去年同期的低基数有关",
        "显示需求正在修复",
        "供给端仍有压力",
        "政策效应逐步显现",
        "原料成本下行是主因",
        "后续仍需观察库存变化",
        "海外订单回流带来支撑",
        "短期资金面保持宽松",
        "结构性分化依然明显",
        "部分企业提前备货",
        "汇率因素贡献了约三成",
    ),
    "act": (
        "签署合作备忘录",
        "启动二期工程",
        "完成新一轮融资",
        "调整年度资本开支",
        "上线跨境支付系统",
        "收购一家上游企业",
        "宣布回购计划",
        "发布新款芯片",
        "扩建仓储基地",
        "下调全年指引",
        "引入战略投资者",
        "公示环评文件",
        "试运行无人码头",
        "重启境外发债",
    ),
    "unit": ("亿元", "万吨", "万户", "亿千瓦时", "万标箱", "万平方米", "亿美元", "个基点"),
    "place": (
        "远山省",
        "青屿市",
        "北塬县",
        "临港新区",
        "澄湖之滨",
        "云麓谷",
        "海外市场",
        "中西部地区",
        "沿江城市群",
        "东部港口",
    ),
    "next": (
        "下一步",
        "从全年看",
        "分区域看",
        "值得注意的是",
        "业内普遍认为",
        "另据了解",
        "对比往年",
        "在政策层面",
        "从资金流向看",
        "与此同时",
    ),
}
TABLES["firm"] = tuple(company.name for company in COMPANIES)

SENTENCES = (
    "{who}{day}{say}，{place}{what}{move}{n}.{d}%，{why}。",
    "{firm}{day}{act}，涉及金额{n}.{d}{unit}。",
    "{next}，{what}{move}{n}%，{why}。",
    "数据显示，截至上月末，{place}{what}为{n}.{d}{unit}，{why}。",
    "{who}{say}：“{what}{move}{n}.{d}%，{why}。”",
    "{next}，{firm}与{firm}在{place}{act}，预计年内投入{n}{unit}。",
    "有投资者问及{what}，{who}{say}，{why}，不会影响{act}的进度。",
    "按{n}.{d}%的增速推算，{place}全年{what}有望达到{n}{n}{unit}。",
    "{firm}称，{why}，公司将{act}，并把{what}的目标调整为{n}.{d}{unit}。",
    "{day}，{place}举行说明会，{who}{say}，{what}{move}{n}.{d}%。",
    "报告把{what}分为三档，其中最高一档{move}{n}%，最低一档则{move}{d}.{n}%。",
    "{next}，{who}建议关注{what}与{what}之间的差距，{why}。",
)
TITLES = (
    "{place}{what}{move}{n}.{d}%",
    "{firm}{act}，涉及{n}.{d}{unit}",
    "{who}：{what}{move}{n}%",
    "{firm}“{act}”之后：{why}",
    "{what}{move}{n}.{d}% {why}",
    "{place}拟{act}（附{n}项清单）",
    "【盘点】{what}与{what}，{why}？",
)

HAZARDS = (
    "C:\\new 与 \"引号\" '撇号'",
    "模板 {{ site.title }} 原样显示",
    "{% raw %} 没有结尾",
    "{% include x %}: 冒号 # 井号",
    "--- 三条横线 ---",
    "{# 注释 #} 与 {{< 短码 >}}",
    "涨跌🚀📉各半",
    "*星号* _下划线_ `反引号` | 竖线",
    "@开头 - 与 ! 与 %d",
)
"""What breaks site generators (document-format §7) and can stand in any list or record."""
MARKUP_HAZARDS = (
    "谈 <b> 标签与 <!-- 注释",
    "A&B 以及 &amp; 五个字符",
    "</div><script>alert(1)</script> 作为文字",
)
"""The same, only where a page can escape them without ambiguity."""
