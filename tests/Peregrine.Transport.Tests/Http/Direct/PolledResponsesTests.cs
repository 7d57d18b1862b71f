using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Tests.Http.Direct;

/// <summary>The same responses, polled for.</summary>
public sealed class PolledResponsesTests : ResponsesTests
{
    private protected override SendOptions Options => new() { MayPoll = true };
}
