using System.Runtime.CompilerServices;
using Peregrine.Cli.Serving;

namespace Peregrine.Cli;

/// <summary>The entry point. `serve --stdio` is dispatched first: it is started by clients, who wait for its first reply.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        arguments is ["serve", ..] && Array.IndexOf(arguments, "--stdio") > 0 && ServeStdio.TryParse(arguments, out var tools)
            ? ServeStdio.RunAsync(tools)
            : RunParsed(arguments);

    // Not inlined, so that the parser's assemblies are loaded only where they are needed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> RunParsed(string[] arguments) => CommandLine.RunAsync(arguments);
}
