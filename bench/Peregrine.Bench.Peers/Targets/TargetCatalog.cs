using System.Globalization;
using Peregrine.Bench.Peers.Http;
using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Targets;

/// <summary>The targets of each kind of row, ours first.</summary>
internal sealed class TargetCatalog(Installation installation)
{
    private const string NotInSdk1 = "SDK v1 does not speak 2026-07-28";

    /// <summary>Servers on stdio; the floors write <paramref name="reply"/>.</summary>
    public IReadOnlyList<Target> Stdio(Era era, string reply) =>
    [
        Ours("--stdio"),
        Floor("floor-thread", "reader thread, thread pool, coalesced writes", "StdioFloor", _ => ["--mode", "thread", "--reply", reply]),
        Floor("floor-pipe", "PipeReader loop", "StdioFloor", _ => ["--mode", "pipe", "--reply", reply]),
        Official("OfficialStdio", "ModelContextProtocol, no host", _ => []),
        TypeScript("typescript-1", "TypeScript SDK v1", "v1-stdio.mjs", era, _ => []),
        TypeScript("typescript-2", "TypeScript SDK v2", "v2-stdio.mjs", era, _ => []),
    ];

    /// <summary>Servers on HTTP; the floors write <paramref name="reply"/>.</summary>
    public IReadOnlyList<Target> HttpEcho(Era era, string reply) => Http(era, 0, ["--reply", reply]);

    /// <summary>The same with numbered tools; the floors write as many bytes as ours does.</summary>
    public IReadOnlyList<Target> HttpList(Era era, int tools, int bytes) => Http(era, tools, ["--size", Text(bytes)]);

    private Target[] Http(Era era, int tools, string[] floorReply)
    {
        string[] toolArguments = tools == 0 ? [] : ["--tools", Text(tools)];
        return
        [
            OursOnHttp(tools),
            .. HttpFloors(floorReply),
            Official("OfficialHttp", "ModelContextProtocol.Core transport, endpoint of ours", port => ["--urls", Url(port), .. toolArguments]),
            TypeScript("typescript-1", "TypeScript SDK v1", "v1-http.mjs", era, port => [Text(port), Text(tools)]),
            TypeScript("typescript-2", "TypeScript SDK v2", "v2-http.mjs", era, port => [Text(port), Text(tools)]),
        ];
    }

    /// <summary>The floors over HTTP that write <paramref name="reply"/>.</summary>
    public IReadOnlyList<Target> HttpFloors(string reply) => HttpFloors(["--reply", reply]);

    private Target[] HttpFloors(string[] reply) =>
    [
        Floor("floor-write", "Kestrel, one WriteAsync", "HttpFloor", port => ["--urls", Url(port), "--variant", "write", .. reply]),
        Floor("floor-span", "Kestrel, StartAsync and GetSpan", "HttpFloor", port => ["--urls", Url(port), "--variant", "span", .. reply]),
    ];

    /// <summary>Our server over HTTP, also to be asked for the replies that the floors copy.</summary>
    public Target OursOnHttp(int tools) => OursWith(port => tools == 0 ? ["--urls", Url(port)] : ["--urls", Url(port), "--tools", Text(tools)]);

    /// <summary>Our server over stdio.</summary>
    public Target OursOnStdio => Ours("--stdio");

    private Target Ours(string argument) => OursWith(_ => [argument]);

    private Target OursWith(Func<int, string[]> arguments) =>
        new("peregrine", "Peregrine", TargetRole.Ours, installation.MissingServer, port => [installation.Server!, "serve", .. arguments(port)]);

    private Target Floor(string id, string label, string project, Func<int, string[]> arguments) =>
        new(id, $"floor: {label}", TargetRole.Floor, installation.MissingBuilt(project), port => [installation.Built(project), .. arguments(port)]);

    private Target Official(string project, string label, Func<int, string[]> arguments) =>
        new("official", $"official C# SDK: {label}", TargetRole.Official, installation.MissingBuilt(project), port => [installation.Built(project), .. arguments(port)]);

    private Target TypeScript(string id, string label, string file, Era era, Func<int, string[]> arguments) =>
        new(id, label, TargetRole.Other, id == "typescript-1" && era == Era.Stateless ? NotInSdk1 : installation.MissingNode,
            port => [installation.Node!, installation.TypeScriptFile(file), .. arguments(port)]);

    private static string Url(int port) => HttpWorkload.OriginOn(port);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
