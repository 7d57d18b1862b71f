using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Server.Interaction.State;
using Peregrine.Server.Tests.Serving;

namespace Peregrine.Server.Tests.Interaction.State;

/// <summary>The sealed state of a call that waits: who can open it, and for how long.</summary>
public sealed class RequestStateTests
{
    private static readonly byte[] Binding = RequestBinding.Of(null, McpMethod.ToolsCall, "\"pay\""u8, """{"amount":1,"to":"x"}"""u8);

    private readonly RequestStateSealer _sealer = new(new McpStateOptions(), TimeProvider.System);

    [Fact]
    public void ComesBackAsItWas() =>
        Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(contents =>
        {
            Assert.Equal(OpenResult.Opened, _sealer.TryOpen(_sealer.Seal(contents, Binding), Binding, out var opened));
            return contents.AsSpan().SequenceEqual(opened);
        }));

    [Fact]
    public void WithAnyBitFlippedIsRefused()
    {
        var state = _sealer.Seal("contents"u8, Binding)!;
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(state);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(OpenResult.Foreign, _sealer.TryOpen(System.Buffers.Text.Base64Url.EncodeToString(bytes), Binding, out var opened));
            Assert.Empty(opened);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(OpenResult.Opened, _sealer.TryOpen(state, Binding, out _));
    }

    // The text is judged too: base64url has several texts for the same bytes where bits are left over.
    [Fact]
    public void WithAnyCharacterChangedIsRefused()
    {
        for (var length = 0; length < 3; length++)
        {
            var state = _sealer.Seal(new byte[length], Binding)!;
            for (var i = 0; i < state.Length * 8; i++)
            {
                var changed = state.ToCharArray();
                changed[i / 8] ^= (char)(1 << (i % 8));
                Assert.Equal(OpenResult.Foreign, _sealer.TryOpen(changed, Binding, out _));
            }

            foreach (var changed in new[] { state + "-TAMPERED", state + "=", state + " ", " " + state, state[1..], state[..^1], state + state, "", "x" })
            {
                Assert.Equal(OpenResult.Foreign, _sealer.TryOpen(changed, Binding, out _));
            }
        }
    }

    public static TheoryData<string?, McpMethod, string, string> ForeignUses => new()
    {
        { "alice", McpMethod.ToolsCall, "\"pay\"", """{"amount":1,"to":"x"}""" },
        { "", McpMethod.ToolsCall, "\"pay\"", """{"amount":1,"to":"x"}""" },
        { null, McpMethod.PromptsGet, "\"pay\"", """{"amount":1,"to":"x"}""" },
        { null, McpMethod.ToolsCall, "\"pay2\"", """{"amount":1,"to":"x"}""" },
        { null, McpMethod.ToolsCall, "\"pay\"", """{"amount":2,"to":"x"}""" },
        { null, McpMethod.ToolsCall, "\"pay\"", """{"amount":"1","to":"x"}""" },
        { null, McpMethod.ToolsCall, "\"pay\"", """{"amount":1,"to":"y"}""" },
        { null, McpMethod.ToolsCall, "\"pay\"", """{"amount":1}""" },
        { null, McpMethod.ToolsCall, "\"pay\"", """{"amount":1,"to":"x","more":null}""" },
        { null, McpMethod.ToolsCall, "\"pay\"", """{"amount":1,"to":["x"]}""" },
        { null, McpMethod.ToolsCall, "\"pay\"", """{"amount":1.0000000000000000000000000000000001,"to":"x"}""" },
        { null, McpMethod.ToolsCall, "\"pay\"", "" },
    };

    [Theory]
    [MemberData(nameof(ForeignUses), DisableDiscoveryEnumeration = true)]
    public void OfAnotherRequestIsRefused(string? principal, McpMethod method, string subject, string arguments)
    {
        var state = _sealer.Seal("contents"u8, Binding);

        Assert.Equal(OpenResult.Foreign,
            _sealer.TryOpen(state, RequestBinding.Of(principal, method, Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(arguments)), out _));
    }

    [Theory]
    [InlineData("\"pay\"", """ { "to" : "x", "amount" : 1.0 } """)]
    [InlineData("\"p\\u0061y\"", """{"\u0074o":"\u0078","amount":10e-1}""")]
    public void OfTheSameRequestWrittenAnewIsTaken(string subject, string arguments) =>
        Assert.Equal(Binding, RequestBinding.Of(null, McpMethod.ToolsCall, Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(arguments)));

    // Two values whose parts could run into each other.
    [Theory]
    [InlineData("""{"a":["b","c"]}""", """{"a":["bc"]}""")]
    [InlineData("""{"a":[[],[]]}""", """{"a":[[[]]]}""")]
    [InlineData("""{"a":{},"b":{}}""", """{"a":{"b":{}}}""")]
    [InlineData("""{"a":null}""", """{"a":"0"}""")]
    [InlineData("""{"a":"\ud800"}""", """{"a":"\ud801"}""")]
    [InlineData("""{"a":1e400}""", """{"a":1e401}""")]
    [InlineData("""{"a":1e-40}""", """{"a":0}""")]
    public void ArgumentsThatDifferBindDifferently(string one, string other) =>
        Assert.NotEqual(RequestBinding.Of(null, McpMethod.ToolsCall, "\"t\""u8, Encoding.UTF8.GetBytes(one)), RequestBinding.Of(null, McpMethod.ToolsCall, "\"t\""u8, Encoding.UTF8.GetBytes(other)));

    [Fact]
    public void ExpiresWhenItsTimeIsUp()
    {
        var time = new WallTime();
        var sealer = new RequestStateSealer(new McpStateOptions { Lifetime = TimeSpan.FromMinutes(10) }, time);
        var state = sealer.Seal("contents"u8, Binding);

        time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(OpenResult.Opened, sealer.TryOpen(state, Binding, out _));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(OpenResult.Expired, sealer.TryOpen(state, Binding, out var opened));
        Assert.Empty(opened);
    }

    [Fact]
    public void IsOpenedByNodesThatShareTheKeyAlsoAfterItWasChanged()
    {
        var (old, current) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        var before = new RequestStateSealer(new McpStateOptions { Key = old }, TimeProvider.System);
        var after = new RequestStateSealer(new McpStateOptions { Key = current, PreviousKey = old }, TimeProvider.System);
        var later = new RequestStateSealer(new McpStateOptions { Key = current }, TimeProvider.System);
        var state = before.Seal("contents"u8, Binding);

        Assert.Equal(OpenResult.Opened, new RequestStateSealer(new McpStateOptions { Key = old }, TimeProvider.System).TryOpen(state, Binding, out _));
        Assert.Equal(OpenResult.Opened, after.TryOpen(state, Binding, out _));
        Assert.Equal(OpenResult.Foreign, later.TryOpen(state, Binding, out _));
        Assert.Equal(OpenResult.Foreign, before.TryOpen(after.Seal("contents"u8, Binding), Binding, out _));
        Assert.Equal(OpenResult.Foreign, _sealer.TryOpen(state, Binding, out _));
    }

    [Fact]
    public void IsNeverTheSameTwiceAndSaysNothing()
    {
        var (one, other) = (_sealer.Seal("contents"u8, Binding), _sealer.Seal("contents"u8, Binding));

        Assert.NotEqual(one, other);
        Assert.DoesNotContain("contents", Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(one)), StringComparison.Ordinal);
        Assert.DoesNotContain("System", new McpStateOptions { Key = new byte[32] }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void HasABound()
    {
        var longest = Enumerable.Range(12_000, 300).Last(length => _sealer.Seal(new byte[length], Binding) is not null);

        Assert.InRange(_sealer.Seal(new byte[longest], Binding)!.Length, RequestStateSealer.MaxLength - 4, RequestStateSealer.MaxLength);
        Assert.Null(_sealer.Seal(new byte[longest + 1], Binding));
        Assert.Equal(OpenResult.Foreign, _sealer.TryOpen(new string('A', RequestStateSealer.MaxLength + 1), Binding, out _));
    }

    [Fact]
    public void OptionsAreJudged()
    {
        var builder = TestServer.Describe().Configure(static options => options with
        {
            Interaction = new() { AnswerTimeout = TimeSpan.Zero, State = new() { Key = new byte[16], PreviousKey = new byte[33], Lifetime = TimeSpan.FromDays(2) } },
            Logging = new() { MaxDataBytes = 1, MaxMessagesPerCall = 0 },
        });

        var fault = Assert.Throws<InvalidOperationException>(builder.Build);

        foreach (var option in new[] { "AnswerTimeout", "Key of", "PreviousKey", "Lifetime", "MaxDataBytes", "MaxMessagesPerCall" })
        {
            Assert.Contains(option, fault.Message, StringComparison.Ordinal);
        }
    }

    private sealed class WallTime : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(56);

        public override DateTimeOffset GetUtcNow() => _now;

        internal void Advance(TimeSpan time) => _now += time;
    }
}
