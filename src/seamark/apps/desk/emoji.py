"""The emoji at hand beside an answer."""

from __future__ import annotations

EMOJI = (
    "😊 😀 😄 😁 😂 😅 🙂 😉 😍 😘 😎 🤗 🤔 😮 😢 😭 😋 🥰 "
    "👍 👌 🙏 👏 🙌 🤝 💪 👋 ✌️ 👉 🌹 🌸 ❤️ 💖 💯 🎉 🎊 🎁 "
    "🔥 ⭐ ✨ 🆕 🛒 🛍️ 📦 🚚 ✈️ 💰 💳 🧧 🧾 📋 📷 🎬 📞 ✉️ "
    "📍 📅 ⏰ ⏳ ✅ ❌ ❗ ❓ 🍵 ☕"
).split()
"""What sellers' chats are full of: faces, thanks and joy, then goods, money, and where and when.

A list of our own: pickers from npm put their styles into the page, which its policy refuses, or fetch their data
from elsewhere, and bring hundreds of kilobytes for names of thousands.
"""
