"""Everything the commands say, in English and Chinese."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]

TEXTS: dict[str, tuple[str, str]] = {
    # Commands
    "command.classify": ("Give every contact the tags it holds at a moment.", "算出每位客户在某一时刻持有的标签。"),
    "command.replay": ("Tell when each tag was held, to the second.", "给出每个标签的持有时段，精确到秒。"),
    "command.why": (
        "Say why a contact holds a tag, and what will change it.",
        "说明客户为什么有某个标签，以及什么会改变它。",
    ),
    "command.what-if": ("Compare two rulebooks over the same history.", "在同一份历史上比较两本规则手册。"),
    "command.fit": ("Fit a rulebook's population figures to your contacts.", "按您的客户拟合规则手册中的群体参数。"),
    "command.lint": ("Find what is wrong with rulebooks, or hardly meant.", "找出规则手册中的错误和可疑之处。"),
    "command.rulebooks": (
        "List the bundled rulebooks, or show one as sentences.",
        "列出自带的规则手册，或用句子展示其中一本。",
    ),
    "command.read": ("Turn files of any known kind into an event file.", "把任何已知格式的文件变成事件文件。"),
    "command.demo": ("See it work on real orders and invented chats.", "用真实订单和虚构聊天看看效果。"),
    "command.intents": (
        "Say what messages intend; test the model, or teach it from corrections.",
        "判断消息的意向；测试模型，或用更正来训练它。",
    ),
    "command.run": (
        "Run everything on this machine: database, web and worker.",
        "在本机运行全部：数据库、网页和后台。",
    ),
    "command.web": ("Serve the pages, the API and the webhooks.", "提供网页、API 和回调接口。"),
    "command.worker": (
        "Do what happens by itself: intake, the clock, sending, jobs.",
        "处理自动进行的工作：接入、时钟、发送、任务。",
    ),
    "command.migrate": (
        "Bring the database and the static files to this version.",
        "把数据库和静态文件更新到当前版本。",
    ),
    "command.member": ("Add a member.", "添加成员。"),
    "command.channel": ("Connect a channel; list, change or resume one.", "接入、列出、更改或恢复渠道。"),
    "command.status": ("Say how the installation is, and what waits.", "说明系统状况和等待处理的工作。"),
    "about.run": (
        "Without DATABASE_URL it starts a PostgreSQL of its own in SEAMARK_HOME (.seamark).",
        "没有 DATABASE_URL 时，会在 SEAMARK_HOME（.seamark）里启动自己的 PostgreSQL。",
    ),
    "about.member": (
        "The password is asked for, or read from standard input or --password-file.",
        "密码由提示输入，或从标准输入、--password-file 读取。",
    ),
    "about.channel": (
        "The secrets that the kind needs are asked for, or read from standard input or --secrets-file. "
        "In a change, one that is left empty stays as it is.",
        "所需的密钥由提示输入，或从标准输入、--secrets-file 读取。更改时，留空的保持不变。",
    ),
    "about.classify": (
        "Shows how contacts are spread over the tags; with --output, writes a row `contact, tag` for each tag held.",
        "展示客户在各标签上的分布；给出 --output 时，为每个持有的标签写一行 `contact, tag`。",
    ),
    "about.replay": (
        "Shows how often tags changed; with --output, writes `contact, tag, entered_at, left_at`. An empty "
        "entered_at means always, an empty left_at still.",
        "展示标签变动的次数；给出 --output 时写出 `contact, tag, entered_at, left_at`。entered_at 为空表示一直如此，"
        "left_at 为空表示仍然持有。",
    ),
    "about.why": (
        "Every part of the condition, true or false, with the events behind it. Without --tag, all tags in short.",
        "条件的每一部分成立与否，以及背后的事件。不给 --tag 时，简要列出全部标签。",
    ),
    "about.what-if": (
        "Who would hold which tag at the end of the period, and the work each rulebook would have made in it.",
        "期末谁会持有哪个标签，以及期间每本规则手册会产生多少工作。",
    ),
    "about.lint": (
        "Errors make the exit code 1, warnings leave it 0. With --events, overlap of tags is measured.",
        "有错误时退出码为 1，只有警告时为 0。给出 --events 时会测量标签的重叠。",
    ),
    "about.intents": (
        "show judges texts, test measures messages whose intent is known (columns text, intent), train learns from "
        "them and refuses a model that is worse. The intents are high, medium, potential, none and other.",
        "show 判断文本，test 用已知意向的消息（text、intent 两列）衡量，train 从中学习，变差的模型不予保存。"
        "意向有 high、medium、potential、none、other。",
    ),
    # Options
    "option.rulebook": ("A bundled rulebook, or a YAML file.", "自带的规则手册，或 YAML 文件。"),
    "option.what-if.rulebook": ("The rulebook as it is.", "现用的规则手册。"),
    "option.with_": ("The rulebook it might become.", "拟改成的规则手册。"),
    "option.host": ("The address to listen on.", "监听的地址。"),
    "option.port": ("The port; 8000 or the next free one, unless given.", "端口；不给出时用 8000 或下一个空闲端口。"),
    "option.processes": ("How many processes serve.", "提供服务的进程数。"),
    "option.member.action": ("What to do.", "要做什么。"),
    "option.member.email": ("The address the member signs in with.", "成员登录用的邮箱。"),
    "option.member.name": ("What the member is called.", "成员的姓名。"),
    "option.member.role": (
        "salesperson, manager, regional-manager, headquarters, administrator or auditor.",
        "salesperson、manager、regional-manager、headquarters、administrator 或 auditor。",
    ),
    "option.member.team": (
        "The team in which the role is held; the topmost, unless given.",
        "担任角色的团队；不给出时为最上级团队。",
    ),
    "option.member.password_file": ("Read the password from this file.", "从此文件读取密码。"),
    "option.channel.action": ("What to do.", "要做什么。"),
    "option.channel.what": (
        "To add: the kind, such as whatsapp. To change or resume: the channel's key.",
        "添加时：种类，如 whatsapp。更改或恢复时：渠道的键。",
    ),
    "option.channel.name": ("What the channel is called.", "渠道的名称。"),
    "option.channel.team": (
        "The team to whose public sea new contacts come; the topmost, unless given.",
        "新客户进入其公海的团队；不给出时为最上级团队。",
    ),
    "option.channel.option": (
        "What the kind needs to know, such as phone_number_id=1.",
        "该种类需要的信息，如 phone_number_id=1。",
    ),
    "option.channel.secrets_file": (
        "Read the secrets from this file, NAME=VALUE each.",
        "从此文件读取密钥，每个为 NAME=VALUE。",
    ),
    "option.events": (
        "Event files (CSV, JSONL, Parquet), chat exports (WhatsApp, WeCom) or orders (Shopify, Taobao, UCI); any "
        "number, in any mixture.",
        "事件文件（CSV、JSONL、Parquet）、聊天导出（WhatsApp、企业微信）或订单（Shopify、淘宝、UCI）；数量和种类不限。",
    ),
    "option.contacts": (
        "Files with a column `contact` and a column for each field.",
        "含 `contact` 列和各字段列的文件。",
    ),
    "option.contact": ("The contact's id, as in the files.", "客户的 id，与文件中一致。"),
    "option.tag": ("The tag; without it, all that are held.", "标签；不给则列出所有持有的标签。"),
    "option.as_of": ("The moment; now, unless given.", "时刻；默认为现在。"),
    "option.demo.as_of": ("The moment before whose day the examples end.", "示例数据在这一时刻当天之前结束。"),
    "option.from_": ("Only what was held after this moment.", "只看这一时刻之后持有的。"),
    "option.what-if.from_": ("The beginning; 30 days before the end, unless given.", "起点；默认为终点前 30 天。"),
    "option.to": ("The end; now, unless given.", "终点；默认为现在。"),
    "option.what-if.to": ("The end; the newest event, unless given.", "终点；默认为最新的事件。"),
    "option.zone": ("The organisation's time zone; the machine's, unless given.", "机构所在时区；默认为本机时区。"),
    "option.demo.zone": ("The time zone; Asia/Shanghai, unless given.", "时区；默认为 Asia/Shanghai。"),
    "option.us": ("The name under which we write in chats; may be given again.", "我方在聊天中的名字；可多次给出。"),
    "option.as_": (
        "The kind of the files, where their content does not tell, or which column is what: contact=…,occurred_at=…,"
        "kind=…, or a YAML file that says so.",
        "文件的种类（内容无法判断时），或各列的含义：contact=…,occurred_at=…,kind=…，也可给出写明各列的 YAML 文件。",
    ),
    "option.params": ("Fitted figures, as `seamark fit` writes them.", "`seamark fit` 写出的参数文件。"),
    "option.engine": (
        "What evaluates: duckdb (default), online or spark. All give the same answer.",
        "用什么计算：duckdb（默认）、online 或 spark。结果相同。",
    ),
    "option.output": (
        "Write rows to this file: .csv, .parquet or .jsonl.",
        "把各行写入此文件：.csv、.parquet 或 .jsonl。",
    ),
    "option.report": (
        "Write one page for people to this file: shares, whom to write to today, and why.",
        "把一页给人看的报告写入此文件：分布、今天联系谁、为什么。",
    ),
    "option.fit.output": ("Write the figures to this file, for --params.", "把参数写入此文件，供 --params 使用。"),
    "option.rejects": (
        "Write what could not be read to this CSV file; beside the output, unless given.",
        "把无法读取的内容写入此 CSV 文件；默认在输出文件旁边。",
    ),
    "option.intents.action": ("show, test or train.", "show、test 或 train。"),
    "option.texts": ("Texts to judge; without any, the intents are explained.", "要判断的文本；不给时说明各意向。"),
    "option.messages": (
        "Files with the columns text and intent: messages whose intent is known.",
        "含 text 和 intent 两列的文件：已知意向的消息。",
    ),
    "option.model": (
        "A model, as train writes it; the bundled one, unless given.",
        "train 写出的模型；不给时用自带的。",
    ),
    "option.intents.output": ("Write the new model to this file.", "把新模型写入此文件。"),
    "option.files": ("Rulebooks: bundled names or files.", "规则手册：自带的名称或文件。"),
    "option.read.files": (
        "Files: event files, chat exports (WhatsApp, WeCom), orders (Shopify, Taobao, UCI).",
        "文件：事件文件、聊天导出（WhatsApp、企业微信）、订单（Shopify、淘宝、UCI）。",
    ),
    "option.kept": (
        "How long histories are kept, such as 90d: longer windows are told.",
        "历史保留多久，如 90d：更长的窗口会被指出。",
    ),
    "option.name": ("The rulebook to show.", "要展示的规则手册。"),
    "option.schema": ("Print the JSON Schema of rulebook files.", "输出规则手册文件的 JSON Schema。"),
    "option.no_serve": ("Stop after the summary.", "展示摘要后即结束。"),
    "option.json": ("Print the answer as JSON, and nothing else.", "以 JSON 输出结果，不含其他内容。"),
    "option.lang": ("The language; the machine's, unless given.", "语言；默认随本机。"),
    "option.help": ("Show this, or the help of a command.", "显示本帮助，或某个命令的帮助。"),
    "option.version": ("Show the version.", "显示版本。"),
    # Help
    "help.usage": ("Usage: {usage}", "用法：{usage}"),
    "help.command": ("COMMAND …", "命令 …"),
    "help.about": (
        "Tags that are true now, for every customer of a team that sells by chat, and why.",
        "为用聊天销售的团队，给每位客户打上此刻为真的标签，并说明为什么。",
    ),
    "help.commands": ("Commands:", "命令："),
    "help.options": ("Options:", "选项："),
    "help.other": ("[OPTIONS]", "[选项]"),
    "help.needed": ("(needed)", "（必需）"),
    "help.more": (
        "`seamark COMMAND --help` shows the options of a command.",
        "`seamark 命令 --help` 显示该命令的选项。",
    ),
    "usage.missing": ("{name} is missing.", "缺少 {name}。"),
    "usage.option": ("There is no option {name} here.", "此处没有选项 {name}。"),
    "usage.value": ("{name} needs a value.", "{name} 需要一个值。"),
    "usage.extra": ("Nothing here takes {found!r}.", "此处用不到 {found!r}。"),
    "usage.command": (
        "There is no command {found!r}; the commands are {known}.",
        "没有命令 {found!r}；可用命令：{known}。",
    ),
    # What cannot be done
    "wrong.begin": ("seamark: ", "seamark："),
    "wrong.near": (" Did you mean {near}?", "您是不是想写 {near}？"),
    "wrong.interrupted": ("Interrupted.", "已中断。"),
    "wrong.lang": ("The language {found!r} is not known; choose en or zh.", "未知语言 {found!r}；请选 en 或 zh。"),
    "wrong.action": ("There is no {found!r} here; choose one of {known}.", "没有 {found!r}；可选 {known}。"),
    "wrong.told": ("{told}.", "{told}。"),
    "wrong.no_learn": (
        "Training needs scikit-learn: install seamark[learn].",
        "训练需要 scikit-learn：请安装 seamark[learn]。",
    ),
    "wrong.no_output": (
        "Say with --output where the new model is to be written.",
        "请用 --output 指明新模型写到哪里。",
    ),
    "wrong.no_messages": (
        "No message was read; --messages wants files with the columns text and intent.",
        "没有读到消息；--messages 需要含 text 和 intent 两列的文件。",
    ),
    "wrong.worse": (
        "Of these messages {was} are judged right today, and {now} after learning from the others: nothing was "
        "written. Look for wrong intents among them.",
        "这些消息目前判对 {was}，从其余消息学习后为 {now}：未写出任何内容。请检查其中是否有标错的意向。",
    ),
    "wrong.forgot": (
        "Of the bundled examples {was} are judged right today, and {now} after learning from these messages: nothing "
        "was written. Look for wrong intents among them.",
        "自带的例句目前判对 {was}，从这些消息学习后为 {now}：未写出任何内容。请检查其中是否有标错的意向。",
    ),
    "wrong.no_spark": (
        "--engine spark needs PySpark: install seamark[spark], and Java 17 or newer.",
        "--engine spark 需要 PySpark：请安装 seamark[spark] 以及 Java 17 或更新版本。",
    ),
    "wrong.spark": ("Spark could not evaluate: {reason}", "Spark 无法计算：{reason}"),
    "wrong.engine": ("There is no engine {found!r}; choose one of {known}.", "没有引擎 {found!r}；可选 {known}。"),
    "wrong.port": ("Nobody can listen on port {port} here.", "无法在端口 {port} 上监听。"),
    "wrong.role": ("There is no role {found!r}; the roles are {known}.", "没有角色 {found!r}；可用角色：{known}。"),
    "wrong.member": ("The member was not added: {reason}", "未添加成员：{reason}"),
    "wrong.channel": ("The channel was not added: {reason}", "未添加渠道：{reason}"),
    "wrong.channel_kind": (
        "There is no kind of channel {found!r}; known are {known}.",
        "没有渠道种类 {found!r}；已知的有 {known}。",
    ),
    "wrong.channel_key": ("There is no channel {found!r}; there are {known}.", "没有渠道 {found!r}；现有 {known}。"),
    "wrong.team": ("There is no team {found!r}; there are {known}.", "没有团队 {found!r}；现有 {known}。"),
    "wrong.pair": ("{found!r} says no value; write NAME=VALUE.", "{found!r} 没有值；请写 NAME=VALUE。"),
    "wrong.environment": ("The environment will not do:\n{reason}", "环境变量有误：\n{reason}"),
    "usage.action": ("There is no {found!r} here; there is {known}.", "没有 {found!r}；可用：{known}。"),
    "serve.at": ("Seamark is at {address} (Ctrl-C ends it).", "Seamark 在 {address}（按 Ctrl-C 结束）。"),
    "serve.migrated": ("Database and static files are of this version.", "数据库和静态文件已是当前版本。"),
    "channel.added": ("The channel {channel} is there.", "渠道 {channel} 已建立。"),
    "channel.address": ("The platform delivers to {address}", "平台投递地址：{address}"),
    "channel.changed": ("The channel {channel} is changed.", "渠道 {channel} 已更改。"),
    "channel.resumed": ("What {channel} held back goes out again.", "{channel} 暂停的消息恢复发送。"),
    "serve.member": ("{email} can sign in now.", "{email} 现在可以登录。"),
    "serve.password": ("Password:", "密码："),
    "status.version": ("Version", "版本"),
    "status.migrations_pending": ("Migrations to be made", "待执行的迁移"),
    "status.rulebook": ("Live rulebook", "现用规则手册"),
    "status.members": ("Members", "成员"),
    "status.contacts": ("Contacts", "客户"),
    "status.deliveries_waiting": ("Deliveries waiting", "等待读取的投递"),
    "status.delivery_oldest_seconds": ("Oldest of them, seconds", "其中最早的，秒"),
    "status.deliveries_set_aside": ("Deliveries set aside", "搁置的投递"),
    "status.messages_due": ("Messages due", "到期的消息"),
    "status.messages_unknown": ("Messages left or not", "不知是否发出的消息"),
    "status.channels_stopped": ("Channels stopped", "暂停的渠道"),
    "status.mails_held_up": ("Mails held up", "因邮件服务器滞留的邮件"),
    "status.mails_failed": ("Mails failed in 7 days", "近 7 天发送失败的邮件"),
    "status.contacts_differing": ("Tags not as in batch", "标签与批量核对不符"),
    "status.contacts_due": ("Contacts due", "到期的客户"),
    "status.contact_overdue_seconds": ("Longest overdue, seconds", "最久逾期，秒"),
    "wrong.kind": ("{found!r} is no kind of file; known are {known}.", "未知的文件种类 {found!r}；已知的有 {known}。"),
    "wrong.zone": (
        "There is no time zone {found!r}; write one such as Asia/Shanghai.",
        "没有时区 {found!r}；请写如 Asia/Shanghai。",
    ),
    "wrong.tag": ("The rulebook {rulebook} has no tag {found!r}.", "规则手册 {rulebook} 中没有标签 {found!r}。"),
    "wrong.contact": ("Nobody is called {found!r} in these files.", "这些文件中没有客户 {found!r}。"),
    "wrong.kept": ("--kept: {reason}.", "--kept：{reason}。"),
    "wrong.params": (
        "{file} is no params file: it has no `params:` with a figure for each name.",
        "{file} 不是参数文件：其中没有按名称给出数值的 `params:`。",
    ),
    "wrong.period": ("The period from {begin} to {end} is empty.", "从 {begin} 到 {end} 的时段为空。"),
    "wrong.ending": (
        "{file} cannot be written: its name must end in one of {known}.",
        "无法写入 {file}：文件名须以 {known} 之一结尾。",
    ),
    "wrong.unwritable": ("{file} cannot be written: {reason}.", "无法写入 {file}：{reason}。"),
    "wrong.no_examples": (
        "The examples are not there ({folder}): the demo runs from a clone of the repository. "
        "`seamark classify --help` says how to use your own files.",
        "找不到示例数据（{folder}）：演示需要在克隆的仓库中运行。"
        "用 `seamark classify --help` 查看如何使用您自己的文件。",
    ),
    # Counts; what stands behind | is the plural
    "intents.model": ("Model {version}, {features} features", "模型 {version}，{features} 个特征"),
    "intents.aside": ("{rows} set aside: {file}", "搁置了 {rows}：{file}"),
    "intents.en": ("English", "英文"),
    "intents.zh": ("Chinese", "中文"),
    "intents.figures": ("{accuracy} right, macro-F1 {f1}", "判对 {accuracy}，macro-F1 {f1}"),
    "intents.right": ("right ↓, taken for →", "应为 ↓，判为 →"),
    "intents.precision": ("precision", "精确率"),
    "intents.recall": ("recall", "召回率"),
    "intents.trained": (
        "Learnt from {corrections}: {was} of them judged right before, {now} by models that had not seen them",
        "从 {corrections}中学习：此前判对 {was}，由未见过它们的模型判对 {now}",
    ),
    "intents.written": ("Model {version} written to {file}", "模型 {version} 已写入 {file}"),
    "count.messages": ("{n} message|{n} messages", "{n} 条消息"),
    "count.contacts": ("{n} contact|{n} contacts", "{n} 位客户"),
    "count.events": ("{n} event|{n} events", "{n} 个事件"),
    "count.rows": ("{n} row|{n} rows", "{n} 行"),
    "count.files": ("{n} file|{n} files", "{n} 个文件"),
    "count.tags": ("{n} tag|{n} tags", "{n} 个标签"),
    "count.more": ("{n} more", "另外 {n} 个"),
    "count.earlier": ("and {n} earlier", "更早的还有 {n} 个"),
    "count.days": ("{n} day|{n} days", "{n} 天"),
    "count.hours": ("{n} hour|{n} hours", "{n} 小时"),
    "count.minutes": ("{n} minute|{n} minutes", "{n} 分钟"),
    "count.weeks": ("{n} week|{n} weeks", "{n} 周"),
    "count.errors": ("{n} error|{n} errors", "{n} 个错误"),
    "count.warnings": ("{n} warning|{n} warnings", "{n} 个警告"),
    "list.dot": (" · ", " · "),
    # Moments
    "when.weekdays": ("Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日"),
    "when.months": ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "1 2 3 4 5 6 7 8 9 10 11 12"),
    "when.full": ("{weekday} {day} {month} {year} {time}", "{year}年{month}月{day}日 {weekday} {time}"),
    "when.long": ("{day} {month} {year} {time}", "{year}年{month}月{day}日 {time}"),
    "when.short": ("{day} {month} {time}", "{month}月{day}日 {time}"),
    "when.ahead": ("{moment}, in {length}", "{moment}，{length}后"),
    # What every answer begins and ends with
    "head.as_of": ("As of {moment} ({zone})", "截至 {moment}（{zone}）"),
    "head.period": ("From {begin} to {end} ({zone})", "{begin} 至 {end}（{zone}）"),
    "head.took": ("{engine}, {seconds} s", "{engine}，{seconds} 秒"),
    "progress.reading": ("Reading", "读取中"),
    "progress.evaluating": ("Evaluating", "计算中"),
    "progress.contacts": ("Contacts", "客户"),
    "note.zone": (
        "Times without an offset are taken as {zone}, the zone of this machine; --zone names another.",
        "未注明时差的时间按本机时区 {zone} 理解；可用 --zone 另行指定。",
    ),
    "note.ambiguous": (
        "Clocks showed the time asked for twice; {moment} is the earlier.",
        "所给时间因调钟出现两次；取较早的 {moment}。",
    ),
    "note.nonexistent": (
        "Clocks left out the time asked for; it is taken as {moment}.",
        "所给时间因调钟而不存在；按 {moment} 理解。",
    ),
    "note.old": (
        "The newest event is of {newest}, more than 30 days before; --as-of names another moment.",
        "最新的事件发生于 {newest}，早于所问时刻 30 天以上；可用 --as-of 指定其他时刻。",
    ),
    "note.warnings": (
        "Loading the rulebook gave {warnings}; `seamark lint {name}` shows them.",
        "加载规则手册时有 {warnings}；可用 `seamark lint {name}` 查看。",
    ),
    "note.kind": (
        "{kind} ({events}) is no known kind of event. Did you mean {near}?",
        "{kind}（{events}）不是已知的事件种类。您是不是想写 {near}？",
    ),
    "note.no_kind": (
        "The rulebook looks at none of these events; it looks at {kinds}.",
        "规则手册不看这些事件中的任何一个；它看的是 {kinds}。",
    ),
    "note.unfitted": (
        "Not fitted to your contacts, so their defaults stand in: {names}. `seamark fit` fits them.",
        "以下参数尚未按您的客户拟合，暂用默认值：{names}。可用 `seamark fit` 拟合。",
    ),
    "note.files": ("{what}: {times} ({files})", "{what}: {times}（{files}）"),
    "note.more": ("{notes}; --json gives all.", "{notes}；--json 给出全部。"),
    "list.between": ("; ", "；"),
    "list.more": ("; …", "；……"),
    "note.rejects": (
        "{rows} could not be read and were set aside: {reasons}. --rejects FILE writes them out.",
        "{rows}无法读取，已放在一边：{reasons}。可用 --rejects FILE 写出。",
    ),
    "note.rejects.written": (
        "{rows} could not be read and are now in {file}: {reasons}.",
        "{rows}无法读取，已写入 {file}：{reasons}。",
    ),
    # Answers
    "share.in": ("in {low}–{high} %", "在 {low}–{high} % 内"),
    "share.below": ("below {low}–{high} %", "低于 {low}–{high} %"),
    "share.above": ("above {low}–{high} %", "高于 {low}–{high} %"),
    "classify.nobody": ("nobody: {names}", "无人：{names}"),
    "classify.next": ("Next to change, unless something happens", "若无新事件，接下来的变化"),
    "classify.looked_at": ("(among the first {contacts})", "（仅查看前 {contacts}）"),
    "classify.report": ("The page is in {file}.", "报告页在 {file}。"),
    "written": ("{rows} written to {file}.", "已将 {rows} 写入 {file}。"),
    "change.enters": ("comes: {tag}", "新增：{tag}"),
    "change.leaves": ("goes: {tag}", "失去：{tag}"),
    "replay.entered": ("entered", "进入"),
    "replay.left": ("left", "离开"),
    "replay.held": ("hold it", "仍持有"),
    "replay.length": ("mean time", "平均时长"),
    "why.quoted": ("“{text}”", "“{text}”"),
    "why.no_tags": ("No tag is held.", "没有持有任何标签。"),
    "why.one": ("Add --tag GROUP/TAG to see why.", "加上 --tag GROUP/TAG 可查看原因。"),
    "what_if.against": ("Compared with", "对比"),
    "what_if.tags": ("Tags held at the end", "期末持有的标签"),
    "what_if.before": ("as it is", "现在"),
    "what_if.after": ("with", "改后"),
    "what_if.enter": ("enter", "进入"),
    "what_if.leave": ("leave", "离开"),
    "what_if.who": ("Who enters (+) and leaves (−)", "谁进入（+）、谁离开（−）"),
    "what_if.same": ("The same in both: {tags}.", "两者相同：{tags}。"),
    "what_if.work": ("Work a day", "每日工作量"),
    "what_if.busiest_before": ("busiest day, as it is", "最忙一天（现在）"),
    "what_if.busiest_after": ("with", "最忙一天（改后）"),
    "work.reactions": ("reactions", "动作"),
    "work.follow_ups": ("follow-ups", "跟进"),
    "work.messages": ("messages", "消息"),
    "work.alerts": ("alerts", "提醒"),
    "fit.param": ("figure", "参数"),
    "fit.of": ("of", "依据"),
    "fit.quantile": ("quantile", "分位数"),
    "fit.contacts": ("contacts", "客户数"),
    "fit.before": ("before", "原值"),
    "fit.value": ("fitted", "拟合值"),
    "fit.nothing": ("This rulebook has no figure to fit.", "这本规则手册没有需要拟合的参数。"),
    "fit.written": ("Written to {file}; use it with --params {file}.", "已写入 {file}；用 --params {file} 使用。"),
    "lint.fine": ("Nothing to complain of.", "没有发现问题。"),
    "lint.error": ("error", "错误"),
    "lint.warning": ("warning", "警告"),
    "lint.total": ("{errors}, {warnings}", "{errors},{warnings}"),
    "rulebooks.name": ("name", "名称"),
    "rulebooks.version": ("version", "版本"),
    "rulebooks.groups": ("groups", "组数"),
    "rulebooks.tags": ("tags", "标签数"),
    "rulebooks.title": ("title", "标题"),
    "rulebooks.more": (
        "`seamark rulebooks NAME` shows one as sentences.",
        "`seamark rulebooks NAME` 用句子展示其中一本。",
    ),
    "rulebooks.level": ("the first that is true", "取第一个成立的"),
    "rulebooks.set": ("each that is true", "所有成立的"),
    "rulebooks.by_hand": ("set by hand", "手动设置"),
    "rulebooks.otherwise": ("otherwise", "其余"),
    "rulebooks.figures": ("Figures", "参数"),
    "rulebooks.fitted": ("quantile {quantile} of {of}", "{of}的 {quantile} 分位数"),
    "read.sample": ("The first {rows}", "前 {rows}"),
    "demo.beginning": (
        "Real orders of a shop in the United Kingdom (UCI Online Retail, CC BY 4.0), and four chats of a tea shop "
        "that are invented. All are moved by whole weeks so that they end yesterday (orders by {orders}, chats by "
        "{chats}); the newest event is of {newest}. The buyers never wrote, hence so many are dormant.",
        "英国一家商店的真实订单（UCI Online Retail，CC BY 4.0），以及一家茶行的四段虚构聊天。所有数据都按整周平移，"
        "使其在“昨天”结束（订单平移 {orders}，聊天平移 {chats}）；最新的事件发生于 {newest}。"
        "买家们从未发过消息，所以沉睡者众多。",
    ),
    "demo.members": (
        "The desk is loaded with them. Each of these members signs in with the password {password}",
        "工作台已载入这些数据。以下成员的密码都是 {password}",
    ),
    "demo.chat": (
        "Write to them as a visitor of an invented shop: {address}",
        "在虚构的店铺里以访客身份给他们写消息：{address}",
    ),
    "progress.loading": ("Loading the desk", "正在载入工作台"),
    "demo.page": (
        "The same as a page, with whom to write to today, to open in a browser: {file}",
        "同样的内容做成了网页，并列出今天该联系谁，用浏览器打开：{file}",
    ),
    "demo.further": (
        "Now with your own: in WhatsApp open a chat, Export chat, Without media; then\n"
        '  seamark classify --rulebook whatsapp-selling --events FILES --us "YOUR NAME"\n'
        "  seamark why --rulebook whatsapp-selling --events FILES --contact NAME\n"
        "  seamark rulebooks whatsapp-selling",
        "换成您自己的数据：在 WhatsApp 中打开聊天，选择“导出聊天”、“不含媒体”；然后\n"
        '  seamark classify --rulebook whatsapp-selling --events 文件 --us "您的名字"\n'
        "  seamark why --rulebook whatsapp-selling --events 文件 --contact 客户名\n"
        "  seamark rulebooks whatsapp-selling",
    ),
}
"""By key: English, Chinese."""
