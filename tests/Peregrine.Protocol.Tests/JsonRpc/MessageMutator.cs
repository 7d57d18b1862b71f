using System.Text;

namespace Peregrine.Protocol.Tests.JsonRpc;

/// <summary>Damages messages at random, reproducibly: flipped bytes, cuts, doublings, and insertions that JSON parsers stumble over.</summary>
internal sealed class MessageMutator(int seed)
{
    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\u0041", "\\ud83d", "\\ude00", "\\/", "\\x", "null", "true", "false", "tru", "0", "-", "01", "1.5", "1e3", "1e", ".5",
            "\"id\":1,", "\"id\":null,", "\"\\u0069d\":2,", "\"method\":\"ping\",", "\"params\":{},", "\"params\":[],", "\"result\":{},", "\"error\":{},", "\"jsonrpc\":\"2.0\",",
            "\"name\":\"x\",", "\"n\\u0061me\":\"x\",", "\"_meta\":{},", "\"_meta\":1,", "\"arguments\":{},", "\"a\":1,\"a\":2,", "\"\\ud800\":1,\"\\uD800\":2,", "[[[[[[[[[[[[[[[[",
            "\n", "\r\n", "\t", " ", "\0", "\u0001", "\u007f", "é", "😀", "\uFEFF", "/**/", "//\n", "NaN", "+1", "'",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xC3],
    ];

    private readonly Random _random = new(seed);

    public Random Random => _random;

    public byte[] Mutate(byte[] message)
    {
        var bytes = message.ToList();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            MutateOnce(bytes);
        }

        return [.. bytes];
    }

    private void MutateOnce(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(_random.Next(1, 12), bytes.Count - at);
        switch (_random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(_random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                InsertBehindStructure(bytes, Fragments[_random.Next(Fragments.Length)]);
                break;
            default:
                bytes.InsertRange(at, Fragments[_random.Next(Fragments.Length)]);
                break;
        }
    }

    // Behind a brace or comma a member fits in, so more of these stay valid JSON and reach the later checks.
    private void InsertBehindStructure(List<byte> bytes, byte[] fragment)
    {
        var places = Enumerable.Range(0, bytes.Count).Where(i => bytes[i] is (byte)'{' or (byte)',' or (byte)'[').ToArray();
        bytes.InsertRange(places.Length == 0 ? 0 : places[_random.Next(places.Length)] + 1, fragment);
    }
}
