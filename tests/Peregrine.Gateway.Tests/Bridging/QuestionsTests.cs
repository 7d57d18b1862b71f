using System.Text;
using Peregrine.Client;
using Peregrine.Client.Interaction;
using Peregrine.Gateway.Tests.Serving;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Bridging;

/// <summary>What a server of the session era asks of the clients behind the gateway, several of whom share its one connection.</summary>
public sealed class QuestionsTests
{
    private const int Clients = 4;

    private static readonly byte[] Form = """{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}"""u8.ToArray();

    [Fact]
    public async Task Each_question_reaches_the_client_whose_call_it_belongs_to()
    {
        // None asks before all run, so that every question could be anybody's.
        using var together = new Gathering(Clients);
        await using var server = await HttpServer.StartAsync(new DelegateTool("ask", async call =>
        {
            await together.WaitAsync();
            var answer = await call.ElicitAsync("Who are you?", Form);
            var roots = await call.RootsAsync();
            call.ReturnText($"{answer.GetText("name")} {roots.Single().Uri}");
        }));
        await using var gateway = await server.StartGatewayAsync("session");
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => ConnectAsync(gateway.Endpoint, $"client-{number}")));

        var answers = await Task.WhenAll(clients.Select(CallAsync));

        Assert.Equal(Enumerable.Range(0, Clients).Select(static number => $"client-{number} file:///home/client-{number}"), answers);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_question_for_a_client_that_cannot_be_asked_goes_to_no_other()
    {
        using var together = new Gathering(2);
        await using var server = await HttpServer.StartAsync(new DelegateTool("ask", async call =>
        {
            await together.WaitAsync();
            try
            {
                call.ReturnText((await call.ElicitAsync("Who are you?", Form)).GetText("name")!);
            }
            catch (McpToolException)
            {
                call.ReturnText("nobody");
            }
        }));
        await using var gateway = await server.StartGatewayAsync("session");
        await using var asked = await ConnectAsync(gateway.Endpoint, "Ada");

        var silent = gateway.CallTextAsync("ask");
        var answer = await CallAsync(asked);

        Assert.Equal("Ada", answer);
        Assert.Equal("nobody", await silent);
    }

    private static async Task<string> CallAsync(PeregrineClient client)
    {
        using var result = await client.CallToolAsync("ask").AsTask().WaitAsync(RunningGateway.Patience);
        return result.GetText();
    }

    private static Task<PeregrineClient> ConnectAsync(Uri endpoint, string name) => PeregrineClient.ConnectAsync(endpoint, new PeregrineClientOptions
    {
        Era = ProtocolEra.Session,
        OnElicitation = (_, _) => new(ElicitationReply.Accept(Encoding.UTF8.GetBytes($$"""{"name":"{{name}}"}"""))),
        OnRoots = _ => new([new ClientRoot($"file:///home/{name}", name)]),
    }).AsTask();

    /// <summary>Lets nobody through before all have come.</summary>
    private sealed class Gathering(int count) : IDisposable
    {
        private readonly CountdownEvent _missing = new(count);
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task WaitAsync()
        {
            if (_missing.Signal())
            {
                _complete.SetResult();
            }

            return _complete.Task.WaitAsync(RunningGateway.Patience);
        }

        public void Dispose() => _missing.Dispose();
    }
}
