using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Execution.Keys;

namespace Peregrine.Execution.Tests.Keys;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("{\"a\":1,\"b\":2}", "{ \"b\" : 2, \"a\" : 1 }")]
    [InlineData("{\"a\":{\"x\":1,\"y\":[1,{\"p\":1,\"q\":2}]},\"b\":2}", "{\"b\":2,\"a\":{\"y\":[1,{\"q\":2,\"p\":1}],\"x\":1}}")]
    [InlineData("1", "1.0")]
    [InlineData("1", "10e-1")]
    [InlineData("100", "1E2")]
    [InlineData("0", "-0.00e5")]
    [InlineData("-12.50", "-125e-1")]
    [InlineData("0.001", "1e-3")]
    [InlineData("123456789012345678901234567890", "1.2345678901234567890123456789e29")]
    [InlineData("1e9223372036854775807", "1e9223372036854775807")]
    [InlineData("\"\\u0061/\\n\"", "\"a\\/\\u000a\"")]
    [InlineData("\"\\ud83d\\ude00\"", "\"😀\"")]
    [InlineData("{\"\\u0061\":1}", "{\"a\":1}")]
    [InlineData("[ ]", "[]")]
    public void What_means_the_same_has_one_hash(string left, string right) => Assert.Equal(Hash(left), Hash(right));

    [Theory]
    [InlineData("{\"a\":1}", "{\"a\":2}")]
    [InlineData("{\"a\":1}", "{\"b\":1}")]
    [InlineData("{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}")]
    [InlineData("{\"a\":1,\"a\":2}", "{\"a\":2}")]
    [InlineData("{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[1,2]", "[12]")]
    [InlineData("[[1],2]", "[[1,2]]")]
    [InlineData("1", "-1")]
    [InlineData("1", "\"1\"")]
    [InlineData("1", "10")]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("0.1", "0.10000000000000001")]
    [InlineData("null", "false")]
    [InlineData("\"\"", "null")]
    [InlineData("{}", "[]")]
    [InlineData("\"\\ud800\"", "\"\\ud801\"")]
    [InlineData("\"a\"", "\"A\"")]
    public void What_differs_has_another_hash(string left, string right) => Assert.NotEqual(Hash(left), Hash(right));

    [Fact]
    public void Absent_arguments_are_an_empty_object() => Assert.Equal(ArgumentHash.Of("{}"u8), ArgumentHash.Of(default));

    [Fact]
    public void Any_value_keeps_its_hash_however_its_members_are_shuffled_and_its_text_is_spaced()
    {
        var property = Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), static seed =>
        {
            var random = new Random(seed);
            var value = Value(random, 0);
            var other = Hash(Text(value, new Random(seed + 1)));
            return Hash(Text(value, new Random(seed))) == other && Hash(JsonSerializer.Serialize(JsonDocument.Parse(Text(value, random)))) == other;
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), property);
    }

    [Fact]
    public void A_long_object_is_sorted_and_a_hash_has_its_bytes()
    {
        var members = Enumerable.Range(0, 20_000).Select(static i => $"\"m{i}\":{i}").ToArray();
        var forward = Hash("{" + string.Join(',', members) + "}");
        Array.Reverse(members);
        Assert.Equal(forward, Hash("{" + string.Join(',', members) + "}"));
        var bytes = new byte[ArgumentHash.Length];
        forward.CopyTo(bytes);
        Assert.Equal(forward, new ArgumentHash(bytes));
        Assert.Equal(Convert.ToHexStringLower(bytes), forward.ToString());
        Assert.Throws<ArgumentException>(static () => new ArgumentHash(new byte[31]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("{\"a\":}")]
    public void What_is_no_value_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => CanonicalJson.Hash(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_hash_allocates_nothing()
    {
        var json = "{\"b\":[1,2,3],\"a\":{\"text\":\"\\u0061b\",\"n\":1.50}}"u8.ToArray();
        CanonicalJson.Hash(json);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            CanonicalJson.Hash(json);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_value_adds_to_a_greater_hash()
    {
        Assert.Equal(Appended("{\"a\":1,\"b\":2}"), Appended("{\"b\":2,\"a\":1}"));
        Assert.NotEqual(Appended("{\"a\":1,\"b\":2}"), Appended("{\"a\":1}"));
    }

    private static string Appended(string json)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        CanonicalJson.AppendTo(hash, Encoding.UTF8.GetBytes(json));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static ArgumentHash Hash(string json) => CanonicalJson.Hash(Encoding.UTF8.GetBytes(json));

    private static object? Value(Random random, int depth) => random.Next(depth > 3 ? 4 : 6) switch
    {
        0 => random.Next(2) == 0,
        1 => null,
        2 => random.Next(-1000, 1000) / 8m,
        3 => new string((char)random.Next(' ', 0x2FF), random.Next(5)),
        4 => Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1)).ToList(),
        _ => Enumerable.Range(0, random.Next(5)).Select(i => new KeyValuePair<string, object?>($"{i}{(char)random.Next('"', 'z')}", Value(random, depth + 1))).ToList(),
    };

    private static string Text(object? value, Random random) => value switch
    {
        List<KeyValuePair<string, object?>> members => "{" + string.Join(random.Next(2) == 0 ? "," : " ,\n",
            members.OrderBy(_ => random.Next()).ToList().Select(member => $"{JsonSerializer.Serialize(member.Key)}:{Text(member.Value, random)}")) + "}",
        List<object?> items => "[" + string.Join(", ", items.Select(item => Text(item, random))) + "]",
        decimal number => (random.Next(2) == 0 ? number + 0.000m : number).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value),
    };
}
