using System.Text;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.Tests.JsonRpc;

public sealed class EnvelopeReaderTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call"}""", MessageKind.Request)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}""", MessageKind.Request)]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/call"}""", MessageKind.Notification)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", MessageKind.Response)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{}}""", MessageKind.Error)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{}}""", MessageKind.Error)]
    [InlineData("""{"jsonrpc":"2.0","error":{}}""", MessageKind.Error)]
    [InlineData(" \t\r\n{ \"jsonrpc\" :\t\"2.0\" ,\r\n\"id\" : \"a\" , \"method\" : \"ping\" } \n", MessageKind.Request)]
    public void Kinds(string message, MessageKind kind)
    {
        Assert.True(Read(message, out var envelope));
        Assert.Equal(kind, envelope.Kind);
        Assert.Equal(EnvelopeError.None, envelope.Fault);
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",,\"id\":1}", EnvelopeError.InvalidJson, 17)]
    [InlineData("{\"jsonrpc\":\"2.0\",}", EnvelopeError.InvalidJson, 17)]
    [InlineData("{jsonrpc:\"2.0\"}", EnvelopeError.InvalidJson, 1)]
    [InlineData("{\"a\":01}", EnvelopeError.InvalidJson, 6)]
    [InlineData("{\"a\":+1}", EnvelopeError.InvalidJson, 5)]
    [InlineData("{\"a\":1.}", EnvelopeError.InvalidJson, 7)]
    [InlineData("{\"a\":1e}", EnvelopeError.InvalidJson, 7)]
    [InlineData("{\"a\":[1,]}", EnvelopeError.InvalidJson, 8)]
    [InlineData("{\"a\":[1}}", EnvelopeError.InvalidJson, 7)]
    [InlineData("{\"a\":{]}", EnvelopeError.InvalidJson, 6)]
    [InlineData("{\"a\":trux}", EnvelopeError.InvalidJson, 5)]
    [InlineData("{\"a\":True}", EnvelopeError.InvalidJson, 5)]
    [InlineData("{\"a\":NaN}", EnvelopeError.InvalidJson, 5)]
    [InlineData("{\"a\" 1}", EnvelopeError.InvalidJson, 5)]
    [InlineData("{\"a\":1 \"b\":2}", EnvelopeError.InvalidJson, 7)]
    [InlineData("{\"a\":\"\\x\"}", EnvelopeError.InvalidJson, 7)]
    [InlineData("{\"a\":\"\\u00g0\"}", EnvelopeError.InvalidJson, 10)]
    [InlineData("{\"a\":\"tab\there\"}", EnvelopeError.InvalidJson, 9)]
    [InlineData("{\"a\":\"nul\0\"}", EnvelopeError.InvalidJson, 9)]
    [InlineData("{\"a\":1\0}", EnvelopeError.InvalidJson, 6)]
    [InlineData("{\"a\":1,\u00a0\"b\":1}", EnvelopeError.InvalidJson, 7)]
    [InlineData("{\"a\":1,\f\"b\":1}", EnvelopeError.InvalidJson, 7)]
    [InlineData("{\"a\":1 /* comment */}", EnvelopeError.InvalidJson, 7)]
    [InlineData("\uFEFF{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}", EnvelopeError.InvalidJson, 0)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"ping\"} x", EnvelopeError.InvalidJson, 34)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}{}", EnvelopeError.InvalidJson, 33)]
    [InlineData("hello", EnvelopeError.InvalidJson, 0)]
    [InlineData("", EnvelopeError.Truncated, 0)]
    [InlineData(" \n ", EnvelopeError.Truncated, 3)]
    [InlineData("{\"a\":tru", EnvelopeError.Truncated, 8)]
    [InlineData("{\"a\":-", EnvelopeError.Truncated, 6)]
    [InlineData("{\"a\":\"\\", EnvelopeError.Truncated, 7)]
    [InlineData("{\"a\":\"\\u12", EnvelopeError.Truncated, 10)]
    [InlineData("{\"a\"", EnvelopeError.Truncated, 4)]
    [InlineData("{\"params\":{\"_meta\":{\"a\":[", EnvelopeError.Truncated, 25)]
    [InlineData("[]", EnvelopeError.Batch, 0)]
    [InlineData(" [{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}]", EnvelopeError.Batch, 1)]
    [InlineData("[1,]", EnvelopeError.InvalidJson, 3)]
    [InlineData("[1] 2", EnvelopeError.InvalidJson, 4)]
    [InlineData("[1", EnvelopeError.Truncated, 2)]
    [InlineData("1", EnvelopeError.NotAnObject, 0)]
    [InlineData("\"text\"", EnvelopeError.NotAnObject, 0)]
    [InlineData(" null ", EnvelopeError.NotAnObject, 1)]
    [InlineData("{}", EnvelopeError.InvalidVersion, 0)]
    [InlineData("{\"jsonrpc\":\"1.0\",\"method\":\"ping\"}", EnvelopeError.InvalidVersion, 11)]
    [InlineData("{\"jsonrpc\":2.0,\"method\":\"ping\"}", EnvelopeError.InvalidVersion, 11)]
    [InlineData("{\"jsonrpc\":\"2.0\"}", EnvelopeError.NoKind, 0)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1}", EnvelopeError.NoKind, 0)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"result\":1}", EnvelopeError.NoKind, 0)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"error\":{}}", EnvelopeError.NoKind, 0)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"result\":1}", EnvelopeError.NoKind, 33)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", EnvelopeError.InvalidMethod, 33)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}", EnvelopeError.InvalidMethod, 33)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}", EnvelopeError.InvalidParams, 49)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":null}", EnvelopeError.InvalidParams, 49)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"_meta\":[]}}", EnvelopeError.InvalidMeta, 58)]
    public void Faults(string message, EnvelopeError fault, int offset)
    {
        Assert.False(Read(message, out var envelope));
        Assert.Equal(fault, envelope.Fault);
        Assert.Equal(offset, envelope.FaultOffset);
        Assert.Equal(MessageKind.Invalid, envelope.Kind);
        EnvelopeCheck.Agrees(Encoding.UTF8.GetBytes(message));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"\u0069d":2,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","jsonrpc":"2.0"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{},"params":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","x":1,"x":2}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","x":1,"\u0078":2}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","n\u0061me":"b"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{},"arguments":{}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"requestState":"a","requestState":"b"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{},"_meta":{}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"progressToken":1,"progressToken":2}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"io.modelcontextprotocol\/logLevel":1,"io.modelcontextprotocol/logLevel":2}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"a/b":1,"c":1,"a\/b":2}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"\ud800":1,"\uD800":2}}}""")]
    public void Duplicates_are_refused(string message)
    {
        Assert.False(Read(message, out var envelope));
        Assert.Equal(EnvelopeError.DuplicateMember, envelope.Fault);
        EnvelopeCheck.Agrees(Encoding.UTF8.GetBytes(message));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{"a":1,"a":2}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"a":1,"A":2,"b":{"a":1}}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"\ud800":1,"\udc00":2,"\ud800x":3}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}""")]
    public void What_is_no_duplicate_passes(string message) => Assert.True(Read(message, out _));

    [Fact]
    public void The_offset_of_a_duplicate_is_that_of_the_second_name()
    {
        Assert.False(Read("""{"jsonrpc":"2.0","x":1,"method":"ping","x":2}""", out var envelope));
        Assert.Equal(39, envelope.FaultOffset);
        Assert.False(Read("""{"jsonrpc":"2.0","method":"ping","method":"ping"}""", out envelope));
        Assert.Equal(33, envelope.FaultOffset);
    }

    [Theory]
    [InlineData("1", EnvelopeError.None)]
    [InlineData("0", EnvelopeError.None)]
    [InlineData("-12", EnvelopeError.None)]
    [InlineData("123456789012345678901234567890", EnvelopeError.None)]
    [InlineData("\"\"", EnvelopeError.None)]
    [InlineData("\"a\\\"b\\\\\\u0041\\ud83d\\ude00é\"", EnvelopeError.None)]
    [InlineData("\"\\ud800\"", EnvelopeError.None)]
    [InlineData("null", EnvelopeError.InvalidId)]
    [InlineData("true", EnvelopeError.InvalidId)]
    [InlineData("false", EnvelopeError.InvalidId)]
    [InlineData("1.0", EnvelopeError.InvalidId)]
    [InlineData("1e2", EnvelopeError.InvalidId)]
    [InlineData("1E2", EnvelopeError.InvalidId)]
    [InlineData("{}", EnvelopeError.InvalidId)]
    [InlineData("[1]", EnvelopeError.InvalidId)]
    public void Ids(string id, EnvelopeError fault)
    {
        var message = $$"""{"jsonrpc":"2.0","method":"ping","id":{{id}}}""";
        Assert.Equal(fault == EnvelopeError.None, Read(message, out var envelope));
        Assert.Equal(fault, envelope.Fault);
        Assert.Equal(fault == EnvelopeError.None ? id : "", Encoding.UTF8.GetString(envelope.Id.Of(Encoding.UTF8.GetBytes(message))));
    }

    [Theory]
    [InlineData(256, EnvelopeError.None)]
    [InlineData(257, EnvelopeError.IdTooLong)]
    public void Id_length(int bytes, EnvelopeError fault)
    {
        foreach (var id in new[] { '"' + new string('x', bytes - 2) + '"', new string('9', bytes) })
        {
            Assert.Equal(fault == EnvelopeError.None, Read($$"""{"jsonrpc":"2.0","method":"ping","id":{{id}}}""", out var envelope));
            Assert.Equal(fault, envelope.Fault);
        }

        Assert.False(Read($$"""{"jsonrpc":"2.0","method":"ping","id":[{{new string('9', bytes)}}]}""", out var array));
        Assert.Equal(EnvelopeError.InvalidId, array.Fault);
    }

    [Fact]
    public void A_faulty_message_keeps_an_id_that_could_be_read()
    {
        const string message = """{"jsonrpc":"2.0","id":"k","method":"ping","params":[]}""";
        Assert.False(Read(message, out var envelope));
        Assert.Equal("\"k\"", message.Substring(envelope.Id.Start, envelope.Id.Length));
    }

    [Fact]
    public void A_repeated_id_is_no_id()
    {
        Assert.False(Read("""{"jsonrpc":"2.0","id":1,"method":"ping","id":2}""", out var envelope));
        Assert.False(envelope.Id.IsPresent);
    }

    [Theory]
    [InlineData("tools\\/call", McpMethod.ToolsCall)]
    [InlineData("\\u0074ools/call", McpMethod.ToolsCall)]
    [InlineData("notifications\\/resources\\/list_changed", McpMethod.NotificationsResourcesListChanged)]
    [InlineData("Tools/call", McpMethod.Unknown)]
    [InlineData("tools/call ", McpMethod.Unknown)]
    [InlineData("\\ud800", McpMethod.Unknown)]
    [InlineData("\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/\\/", McpMethod.Unknown)]
    public void Method_names_may_be_escaped(string name, McpMethod method)
    {
        Assert.True(Read($$"""{"jsonrpc":"2.0","id":1,"method":"{{name}}"}""", out var envelope));
        Assert.Equal(method, envelope.Method);
        Assert.Equal(name.Length + 2, envelope.MethodName.Length);
    }

    [Fact]
    public void Escaped_member_names_are_the_members_they_name()
    {
        const string message = """{"j\u0073onrpc":"2\u002e0","\u0069d":1,"m\u0065thod":"tools/call","param\u0073":{"n\u0061me":"x","\u005fmeta":{"io.modelcontextprotocol\/protocolVersion":"2026-07-28","progress\u0054oken":4}}}""";
        Assert.True(Read(message, out var envelope));
        Assert.Equal("\"x\"", message.Substring(envelope.Name.Start, envelope.Name.Length));
        Assert.Equal("4", message.Substring(envelope.ProgressToken.Start, envelope.ProgressToken.Length));
        Assert.True(envelope.HasStatelessMeta);
        Assert.True(JsonText.ContentEquals(envelope.MetaVersion.Of(Encoding.UTF8.GetBytes(message)), "2026-07-28"u8));
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData(" [ ", " ] ")]
    public void Depth(string open, string close)
    {
        foreach (var (head, tail, already) in new[]
        {
            ("""{"jsonrpc":"2.0","id":1,"result":""", "}", 1),
            ("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"arguments":""", "}}", 2),
            ("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"x":""", "}}}", 3),
        })
        {
            var inner = EnvelopeReader.MaxDepth - already;
            Assert.True(Read(head + Nest(inner) + tail, out _));
            Assert.False(Read(head + Nest(inner + 1) + tail, out var envelope));
            Assert.Equal(EnvelopeError.TooDeep, envelope.Fault);
            EnvelopeCheck.Agrees(Encoding.UTF8.GetBytes(head + Nest(inner) + tail));
            EnvelopeCheck.Agrees(Encoding.UTF8.GetBytes(head + Nest(inner + 1) + tail));
        }

        Assert.False(Read(new string('[', 64) + new string(']', 64), out var batch));
        Assert.Equal(EnvelopeError.Batch, batch.Fault);
        Assert.False(Read(new string('[', 1_000_000), out batch));
        Assert.Equal(EnvelopeError.TooDeep, batch.Fault);
        Assert.Equal(64, batch.FaultOffset);

        string Nest(int depth) =>
            string.Concat(Enumerable.Repeat(open, depth)) + (open[0] == '{' ? "0" : "") + string.Concat(Enumerable.Repeat(close, depth));
    }

    [Theory]
    [InlineData("C0AF", 0)] // overlong
    [InlineData("E08080", 0)]
    [InlineData("EDA080", 0)] // a surrogate
    [InlineData("F4908080", 0)] // beyond U+10FFFF
    [InlineData("80", 0)] // a stray continuation
    [InlineData("E282", 0)] // cut short
    [InlineData("C3A9FF", 2)]
    public void Invalid_utf8(string hex, int at)
    {
        var head = """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"arguments":{"text":"é plain text that fills a vector or two: 0123456789 """u8;
        byte[] message = [.. head, .. Convert.FromHexString(hex), .. "\"}}}"u8];
        Assert.False(EnvelopeReader.TryRead(message, out var envelope));
        Assert.Equal(EnvelopeError.InvalidUtf8, envelope.Fault);
        Assert.Equal(head.Length + at, envelope.FaultOffset);
        Assert.False(envelope.Id.IsPresent);
    }

    [Fact]
    public void Utf8_cut_by_the_end_of_the_message_is_invalid() =>
        Assert.False(EnvelopeReader.TryRead([.. "{\"a\":\""u8, 0xE2, 0x82], out var envelope) || envelope.Fault != EnvelopeError.InvalidUtf8);

    // One hostile sender's message must not cost more than its bytes: names all alike, hashing alike in a weak hash, escaped or not.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Many_unknown_members_cost_linear_time(bool escaped)
    {
        var small = Best(2_000);
        var large = Best(32_000);

        // 16 times the members; quadratic would be 256 times the time.
        Assert.True(large < 80 * small + TimeSpan.FromMilliseconds(5), $"{small} for 2,000, {large} for 32,000");

        TimeSpan Best(int count)
        {
            var names = Enumerable.Range(0, count).Select(i => $"\"{(escaped ? "\\u0061" : "a")}{i:d8}\":0");
            var message = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{ {{string.Join(',', names)}} } } }""");
            var best = TimeSpan.MaxValue;
            for (var i = 0; i < 7; i++)
            {
                var start = System.Diagnostics.Stopwatch.GetTimestamp();
                Assert.True(EnvelopeReader.TryRead(message, out _));
                var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(start);
                best = elapsed < best ? elapsed : best;
            }

            return best;
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(500)]
    public void A_duplicate_is_found_among_any_number_of_members(int count)
    {
        var names = Enumerable.Range(0, count).Select(static i => $"\"n{i}\":{{\"x\":[{i}]}}").ToList();
        foreach (var duplicate in new[] { "n0", $"n{count - 1}", "\\u006e0" })
        {
            var message = $$"""{"jsonrpc":"2.0","id":1,"method":"ping",{{string.Join(',', names)}},"{{duplicate}}":1}""";
            Assert.False(Read(message, out var envelope));
            Assert.Equal(EnvelopeError.DuplicateMember, envelope.Fault);
            Assert.Equal(message.LastIndexOf(",\"", StringComparison.Ordinal) + 1, envelope.FaultOffset);
        }

        Assert.True(Read($$"""{"jsonrpc":"2.0","id":1,"method":"ping",{{string.Join(',', names)}}}""", out _));
    }

    // Structure at every offset from a vector's begin, so that no block boundary is special.
    [Fact]
    public void Every_alignment_of_strings_escapes_and_structure()
    {
        for (var pad = 0; pad < 140; pad++)
        {
            foreach (var tail in new[] { "\"", "\\\"\"", "\\\\\"", "\\\\\\\"\"", "\\u0041\"", "é\"", "\\", "\u0001\"", "\\x\"", "\\u00" })
            {
                EnvelopeCheck.Agrees(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"result":["{{new string('x', pad)}}{{tail}},{"a":[1,-2.5e3,true,null]}]}"""));
                EnvelopeCheck.Agrees(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"result":["{{new string('\\', pad)}}{{tail}},{"a":[]}]}"""));
                EnvelopeCheck.Agrees(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"result":[{{new string(' ', pad)}}"{{tail}} , { "a" :{{new string('\n', pad)}}[ ] }]}"""));
            }
        }
    }

    // Runs of escapes of any length, each byte of them damaged in turn.
    [Fact]
    public void Every_byte_of_a_run_of_escapes_counts()
    {
        for (var count = 1; count < 14; count++)
        {
            var text = string.Concat(Enumerable.Range(0, count).Select(static i => i % 2 == 0 ? "\\u30Fa" : "\\uD8c9"));
            var head = """{"jsonrpc":"2.0","id":1,"result":[" """;
            var message = Encoding.UTF8.GetBytes(head + text + " and some more text behind the run of escapes\"]}");
            EnvelopeCheck.Agrees(message);
            for (var at = head.Length; at < head.Length + text.Length; at++)
            {
                foreach (var damage in "\"\\ug/:@G`\u0001\u00B0")
                {
                    var damaged = message.ToArray();
                    damaged[at] = (byte)damage;
                    EnvelopeCheck.Agrees(damaged);
                }
            }
        }
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var messages = ExampleMessages.All;
        ReadAll(messages);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadAll(messages);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void ReadAll(IReadOnlyList<byte[]> messages)
        {
            for (var i = 0; i < messages.Count; i++)
            {
                EnvelopeReader.TryRead(messages[i], out _);
            }
        }
    }

    private static bool Read(string message, out Envelope envelope) => EnvelopeReader.TryRead(Encoding.UTF8.GetBytes(message), out envelope);
}
