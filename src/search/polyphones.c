#include "search/polyphones.h"

#include <stdlib.h>

/* Characters that titles and names use with another reading than the most frequent one, which
 * ICU gives. By their numbers. */
static const struct polyphone polyphones[] = {
    {0x4e07, "mo", false},    /* 万 */
    {0x4e50, "yue", true},    /* 乐 */
    {0x4e86, "liao", false},  /* 了 */
    {0x4ec7, "qiu", true},    /* 仇 */
    {0x4f1a, "kuai", false},  /* 会 */
    {0x4f20, "zhuan", false}, /* 传 */
    {0x4f3c, "si", false},    /* 似 */
    {0x533a, "ou", true},     /* 区 */
    {0x5355, "shan", true},   /* 单 */
    {0x53a6, "xia", false},   /* 厦 */
    {0x53c2, "shen", false},  /* 参 */
    {0x5426, "pi", false},    /* 否 */
    {0x5730, "di", false},    /* 地 */
    {0x57d4, "pu", false},    /* 埔 */
    {0x5927, "dai", false},   /* 大 */
    {0x5947, "ji", false},    /* 奇 */
    {0x5bbf, "xiu", false},   /* 宿 */
    {0x5c09, "yu", true},     /* 尉 */
    {0x5f39, "tan", false},   /* 弹 */
    {0x5f3a, "jiang", false}, /* 强 */
    {0x6298, "she", false},   /* 折 */
    {0x66fe, "zeng", true},   /* 曾 */
    {0x671d, "zhao", false},  /* 朝 */
    {0x6734, "piao", true},   /* 朴 */
    {0x67cf, "bo", false},    /* 柏 */
    {0x67e5, "zha", true},    /* 查 */
    {0x6821, "jiao", false},  /* 校 */
    {0x6ca1, "mo", false},    /* 没 */
    {0x6cca, "bo", false},    /* 泊 */
    {0x6d17, "xian", false},  /* 洗 */
    {0x7387, "shuai", false}, /* 率 */
    {0x76d6, "ge", true},     /* 盖 */
    {0x76db, "cheng", false}, /* 盛 */
    {0x7740, "zhuo", false},  /* 着 */
    {0x79d8, "bi", false},    /* 秘 */
    {0x7f2a, "miao", true},   /* 缪 */
    {0x7fdf, "zhai", true},   /* 翟 */
    {0x843d, "la", false},    /* 落 */
    {0x8584, "bo", false},    /* 薄 */
    {0x85cf, "zang", false},  /* 藏 */
    {0x884c, "hang", false},  /* 行 */
    {0x89c9, "jiao", false},  /* 觉 */
    {0x89d2, "jue", false},   /* 角 */
    {0x89e3, "xie", true},    /* 解 */
    {0x8bf4, "yue", false},   /* 说 */
    {0x8c03, "tiao", false},  /* 调 */
    {0x8d3e, "gu", false},    /* 贾 */
    {0x8f66, "ju", false},    /* 车 */
    {0x8fd8, "huan", false},  /* 还 */
    {0x90c7, "xun", false},   /* 郇 */
    {0x90fd, "du", false},    /* 都 */
    {0x91cd, "chong", false}, /* 重 */
    {0x957f, "chang", false}, /* 长 */
    {0x964d, "xiang", false}, /* 降 */
};

static int by_han(const void *key, const void *polyphone)
{
    uint32_t a = *(const uint32_t *)key, b = ((const struct polyphone *)polyphone)->han;
    return (a > b) - (a < b);
}

const struct polyphone *polyphone_of(uint32_t han)
{
    return bsearch(&han, polyphones, sizeof polyphones / sizeof *polyphones, sizeof *polyphones,
                   by_han);
}
