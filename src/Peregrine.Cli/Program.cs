using System.Runtime.CompilerServices;
using Peregrine.Cli.Serving;

namespace Peregrine.Cli;

/// <summary>The entry point. `serve --stdio` is dispatched first: it is started by clients, who wait for its first reply.</summary>
internal static class Program
{
    private static Task Main(string[] arguments) =>
        arguments is ["serve", ..] && Array.IndexOf(arguments, "--stdio") > 0 && ServeStdio.TryParse(arguments, out var tools)
            ? ServeStdio.RunAsync(tools)
            : RunParsedAsync(arguments);

    // Not inlined, so that the parser's assemblies are loaded only where they are needed. The exit code goes this way, because a task with a result would have to be awaited on the other way, too.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task RunParsedAsync(string[] arguments) => Environment.ExitCode = await CommandLine.RunAsync(arguments).ConfigureAwait(false);
}
