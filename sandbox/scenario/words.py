"""What the people of the demo write about: titles, names and sentences in Chinese and English."""

from __future__ import annotations

#: (title, username) of the source channels; every second one is private and then goes without its username.
SOURCES = (
    ("Ferry Tales 渡口故事", "ferry_tales"),
    ("早茶日报 Morning Tea", "morning_tea_daily"),
    ("Open Source Weekly 开源周刊", "open_source_weekly"),
    ("夜航船 Night Boat", "night_boat_reads"),
    ("Harbour Photos 港口摄影", "harbour_photos"),
    ("山海经济 Hills & Markets", "hills_and_markets"),
    ("Kitchen Notes 厨房笔记", "kitchen_notes_zh"),
    ("城市骑行 City Riders", "city_riders_club"),
)
TARGET_TITLE = "Copy of {title} 副本"

SENTENCES = (
    "The morning boat left {n} minutes late",
    "We counted {n} visitors at the old pier",
    "Release {n} is out, read the notes before you upgrade",
    "Thanks to everyone who answered question {n}",
    "Room {n} is free again from Friday",
    "Nobody expected page {n} to be that funny",
    "A reader sent us {n} photos of the flood",
    "The recipe needs {n} grams of rice flour",
    "Bus {n} does not stop at the market this week",
    "Our budget for the repair is {n} dollars",
    "今天渡口一共来了{n}位客人",
    "第{n}期周刊已经发布，欢迎阅读",
    "昨晚的雨下了{n}毫米，河水涨了不少",
    "请在第{n}页找到答案",
    "食谱里写的是{n}克糯米粉",
    "{n}路公交车本周不停市场站",
    "感谢大家的{n}条留言",
    "修桥还差{n}元，谢谢各位支持",
    "新版本{n}修复了登录问题",
    "这本书我读到第{n}章就停不下来了",
)
TAILS = ("", ".", "!", "。", "！", " 🚀", " 🍵", " 👍🏽", " 👨‍👩‍👧‍👦", " ☔️", "……", " :)")
#: (kind of entity, text)
STYLED = (
    ("bold", "important"),
    ("bold", "重要通知"),
    ("bold", "🔥 sale 🔥"),
    ("italic", "by the way"),
    ("italic", "顺便说一句"),
    ("underline", "last call"),
    ("strike", "cancelled 取消"),
    ("spoiler", "the gardener did it"),
    ("spoiler", "凶手是园丁"),
    ("code", "make demo"),
    ("code", "pip install ferry"),
    ("pre", "for boat in harbour:\n    boat.leave()"),
    ("pre", "SELECT 渡口 FROM 河流;"),
    ("quote", "时间会证明一切"),
    ("quote", "Ships in harbour are safe"),
    ("link", "the whole story"),
    ("link", "阅读全文"),
    ("url", "https://example.org/news"),
    ("url", "https://example.org/新闻"),
    ("mention", "@open_source_weekly"),
    ("mention", "@morning_tea_daily"),
    ("hashtag", "#harbour"),
    ("hashtag", "#每日精选"),
    ("email", "captain@example.org"),
    ("emoji", "🛶"),
    ("bold italic", "read this twice 请看两遍"),
)
SHORT = ("ok", "+1", "好的", "👍", "收到", "哈哈哈", "yes!", "谢谢")
FILES = (
    ("report-{n}.pdf", "application/pdf"),
    ("会议记录{n}.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("photos_{n}.zip", "application/zip"),
    ("账目-{n}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("notes {n}.txt", "text/plain"),
    ("song-{n}.mp3", "audio/mpeg"),
)
POLLS = (
    ("When shall we meet? ({n})", ("Friday", "Saturday", "Sunday")),
    ("第{n}期大家最喜欢哪一篇？", ("第一篇", "第二篇", "都喜欢")),
    ("Tea or coffee, round {n}?", ("Tea 茶", "Coffee 咖啡")),
)
NEW_TITLES = ("{title}", "{title} ☕", "{title} 2.0")
