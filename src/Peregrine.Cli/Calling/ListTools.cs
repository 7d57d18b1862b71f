using System.Text;
using Peregrine.Cli.Targets;
using Peregrine.Client.Tools;
using Peregrine.Protocol.Versions;
using Spectre.Console;

namespace Peregrine.Cli.Calling;

/// <summary>`peregrine list`: the tools of a server.</summary>
internal static class ListTools
{
    internal static Task<int> RunAsync(Target target, TargetOptions options, bool json, CancellationToken cancellationToken) =>
        Conversation.RunAsync(target, options, async client =>
        {
            var tools = await client.ListToolsAsync(cancellationToken).ConfigureAwait(false);
            if (json)
            {
                await WriteJsonAsync(tools).ConfigureAwait(false);
            }
            else
            {
                WriteTable(tools);
                var server = client.ServerInfo is { } info ? $"{info.Name} {info.Version}, " : "";
                await Console.Error.WriteLineAsync($"{tools.Count} {(tools.Count == 1 ? "tool" : "tools")}; {server}MCP {client.ProtocolVersion.ToText()}").ConfigureAwait(false);
            }

            return ExitCodes.Fine;
        }, cancellationToken);

    private static async Task WriteJsonAsync(IReadOnlyList<RemoteTool> tools)
    {
        var output = new StringBuilder("[");
        for (var i = 0; i < tools.Count; i++)
        {
            output.Append(i == 0 ? "\n  " : ",\n  ").Append(Encoding.UTF8.GetString(tools[i].Definition.Span));
        }

        await Console.Out.WriteLineAsync(output.Append("\n]").ToString()).ConfigureAwait(false);
    }

    private static void WriteTable(IReadOnlyList<RemoteTool> tools)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var tool in tools)
            {
                Console.WriteLine($"{tool.Name}\t{tool.Description?.ReplaceLineEndings(" ")}");
            }

            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumn("Tool").AddColumn("Arguments").AddColumn("Description");
        foreach (var tool in tools)
        {
            table.AddRow(Markup.Escape(tool.Name), Markup.Escape(string.Join(' ', ToolSchema.Parameters(tool.InputSchema))), Markup.Escape(tool.Description ?? ""));
        }

        AnsiConsole.Write(table);
    }
}
