"""A small rulebook: levels that fall, a term, a tag set by hand."""

TIERS = """
rulebook: tiers
rules:
  asked:
    title: {en: asked the price, zh: 问过价格}
    when: 'any message.received[mentions "price"] over 3d'
groups:
  activity:
    title: {en: Activity, zh: 活跃度}
    kind: level
    tags:
      high: {title: {en: High, zh: 高活跃}, color: green, when: last(message.received) within 24h}
      medium: {title: {en: Medium, zh: 中活跃}, color: yellow, when: last(message.received) within 3d}
      low: {title: {en: Low, zh: 低活跃}, color: orange, when: last(message.received) within 7d}
      dormant: {title: {en: Dormant, zh: 沉睡}, color: gray, otherwise: true}
  asked:
    title: {en: Asked, zh: 询问}
    kind: set
    tags:
      price: {title: {en: Asked the price, zh: 询价}, color: red, when: rule asked}
      vip: {title: {en: VIP, zh: 贵宾}, color: gold, by_hand: true}
terms:
  price: {title: {en: the price, zh: 价格}, en: [price, how much], zh: [多少钱, 价格]}
"""
