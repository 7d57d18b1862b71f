using System.Text;

namespace Peregrine.Bench.Micro.Protocol;

/// <summary>
/// tools/call messages as they come: <c>text</c> has one string of prose with line ends, <c>blob</c> one string of Base64, <c>unicode</c> one of
/// Japanese, <c>escaped</c> the same written in ASCII, <c>tokens</c> many small values, <c>stateless</c> mixed arguments behind the <c>_meta</c> of 2026-07-28 (which alone takes some 280 bytes, so its smallest is no 100).
/// </summary>
internal static class EnvelopeMessages
{
    public static readonly string[] Shapes = ["text", "blob", "unicode", "escaped", "tokens", "stateless"];

    public static readonly int[] Sizes = [100, 1_000, 10_000, 100_000];

    private const string Prose = "The quick brown fox jumps over the lazy dog, and runs on.\\nThen it rests - 3 minutes at most.\\n\\n";
    private const string Japanese = "いろはにほへと ちりぬるを わかよたれそ つねならむ\\nうゐのおくやま けふこえて あさきゆめみし ゑひもせす\\n";
    private const string Blob = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg";
    private const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"ExampleClient","version":"1.0.0"},"io.modelcontextprotocol/clientCapabilities":{"elicitation":{}},"progressToken":17}""";

    public static byte[] Create(string shape, int size) => Encoding.UTF8.GetBytes(shape switch
    {
        "text" => Call("echo", length => $$"""{"message":"{{Fill(Prose, length - 14, '.')}}"}""", size),
        "blob" => Call("echo", length => $$"""{"message":"{{Fill(Blob, length - 14, 'A')}}"}""", size),
        "unicode" => Call("echo", length => $$"""{"message":"{{Fill(Japanese, length - 14, '.')}}"}""", size),
        "escaped" => Call("echo", length => $$"""{"message":"{{Fill(Escape(Japanese), length - 14, '.')}}"}""", size),
        "tokens" => Call("plot", Points, size),
        _ => StatelessCall(size),
    });

    private static string Call(string tool, Func<int, string> arguments, int size)
    {
        string With(string a) => $$$"""{"jsonrpc":"2.0","id":4711,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{a}}}}}""";
        return With(arguments(size - With("").Length));
    }

    private static string StatelessCall(int size)
    {
        string With(string a) => $$$"""{"jsonrpc":"2.0","id":4711,"method":"tools/call","params":{"_meta":{{{Meta}}},"name":"store","arguments":{{{a}}}}}""";
        return With(Records(size - With("").Length));
    }

    private static string Escape(string text) => string.Concat(text.Select(static c => char.IsAscii(c) ? c.ToString() : $"\\u{(int)c:x4}"));

    private static string Fill(string text, int length, char rest)
    {
        var result = new StringBuilder();
        var bytes = 0;
        for (var each = Encoding.UTF8.GetByteCount(text); bytes + each <= length; bytes += each)
        {
            result.Append(text);
        }

        return result.Append(rest, Math.Max(0, length - bytes)).ToString();
    }

    private static string Points(int length)
    {
        var items = Items(length - 13, static i => $$"""{"x":{{i % 100}},"y":{{i % 7}}.5,"on":{{(i % 2 == 0 ? "true" : "false")}},"z":0}""");
        return $$"""{"points":[{{items}}]}""";
    }

    private static string Records(int length)
    {
        var items = Items(length - 14, static i => $$"""{"title":"Record number {{i}} of the list","tags":["alpha","beta"],"owner":{"id":"u-{{i}}","name":"Ada Lovelace"},"score":{{i % 50}}.25,"note":null}""");
        return $$"""{"records":[{{items}}]}""";
    }

    private static string Items(int length, Func<int, string> item)
    {
        var result = new StringBuilder();
        for (var i = 0; ; i++)
        {
            var next = item(i);
            if (result.Length + next.Length + 1 > length)
            {
                return result.ToString();
            }

            result.Append(i == 0 ? "" : ",").Append(next);
        }
    }
}
