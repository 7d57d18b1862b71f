using Peregrine.Protocol.JsonRpc;

namespace Peregrine.Protocol.Tests.JsonRpc;

public sealed class EnvelopeErrorsTests
{
    [Theory]
    [InlineData(EnvelopeError.InvalidJson, -32700)]
    [InlineData(EnvelopeError.Truncated, -32700)]
    [InlineData(EnvelopeError.InvalidUtf8, -32700)]
    [InlineData(EnvelopeError.TooDeep, -32700)]
    [InlineData(EnvelopeError.Batch, -32600)]
    [InlineData(EnvelopeError.NotAnObject, -32600)]
    [InlineData(EnvelopeError.DuplicateMember, -32600)]
    [InlineData(EnvelopeError.InvalidVersion, -32600)]
    [InlineData(EnvelopeError.InvalidId, -32600)]
    [InlineData(EnvelopeError.IdTooLong, -32600)]
    [InlineData(EnvelopeError.InvalidMethod, -32600)]
    [InlineData(EnvelopeError.InvalidParams, -32602)]
    [InlineData(EnvelopeError.InvalidMeta, -32602)]
    [InlineData(EnvelopeError.NoKind, -32600)]
    public void Codes(EnvelopeError error, int code) => Assert.Equal(code, EnvelopeErrors.Code(error));

    [Fact]
    public void Every_error_has_a_sentence_of_its_own()
    {
        var errors = Enum.GetValues<EnvelopeError>().Where(static e => e != EnvelopeError.None).ToList();
        var messages = errors.Select(static e => EnvelopeErrors.Message(e, 1234)).ToList();
        Assert.Equal(errors.Count, messages.Distinct().Count());
        Assert.All(messages, static m => Assert.True(m.Length > 20, m));
        Assert.Contains("1234", EnvelopeErrors.Message(EnvelopeError.InvalidJson, 1234), StringComparison.Ordinal);
        Assert.Equal("Invalid request", EnvelopeErrors.Message(EnvelopeError.None, 0));
    }
}
