using System.Text;
using System.Text.Unicode;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.Tests.Text;

public sealed class Utf8ValidationTests
{
    // Every byte at which a rule of UTF-8 changes, and one to each side.
    private static readonly byte[] Edges =
    [
        0x00, 0x41, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF7, 0xF8, 0xFF,
    ];

    [Fact]
    public void Every_sequence_of_edge_bytes_is_judged_as_the_framework_judges_it()
    {
        var text = new byte[3 + 32 + 8];
        var valid = 0;
        foreach (var a in Edges)
        {
            foreach (var b in Edges)
            {
                foreach (var c in Edges)
                {
                    foreach (var d in Edges)
                    {
                        // Across the first vector's end, and in the last one.
                        foreach (var at in new[] { 3, 33 })
                        {
                            text.AsSpan().Fill((byte)'x');
                            (text[at], text[at + 1], text[at + 2], text[at + 3]) = (a, b, c, d);
                            var expected = Utf8.IsValid(text);
                            if (Utf8Validation.IsValid(text) != expected)
                            {
                                Assert.Fail($"{a:X2} {b:X2} {c:X2} {d:X2} at {at}: expected {expected}");
                            }

                            valid += expected ? 1 : 0;
                        }
                    }
                }
            }
        }

        Assert.True(valid > 100);
    }

    [Fact]
    public void Damaged_text_of_any_length_is_judged_as_the_framework_judges_it()
    {
        var random = new Random(6);
        var valid = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => new[] { "a", "{", "é", "い", "😀" }[random.Next(5)])));
            if (text.Length > 0 && i % 2 == 0)
            {
                text[random.Next(text.Length)] = (byte)random.Next(256);
            }

            Assert.Equal(Utf8.IsValid(text), Utf8Validation.IsValid(text));
            valid += Utf8.IsValid(text) ? 1 : 0;
        }

        Assert.InRange(valid, 100_000, 190_000);
    }
}
