using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Tools;

/// <summary>Scopes and roles where there is nobody to sign in.</summary>
public sealed class ToolAccessTests
{
    [Theory]
    [InlineData(Wire.Stdio)]
    [InlineData(Wire.Stream)]
    public async Task ThePeerOfAPipeMayCallEverything(Wire wire)
    {
        await using var peer = TestPeer.Start(PeregrineServer.CreateBuilder("t", "1")
            .AddTool(new McpToolDefinition { Name = "guarded", InputSchema = """{"type":"object"}"""u8.ToArray(), Scopes = ["notes"], Roles = ["editor"] }, static call =>
            {
                call.ReturnText("done");
                return default;
            }).Build(), wire);

        Assert.Equal("done", (await peer.AskAsync(Messages.StatelessCall("guarded"))).Text());
    }
}
