using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Ledger;
using Peregrine.Integration.OnceServer;
using Peregrine.Server;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.Stdio;

// stdio|http, memory|os|disk, the file of effects, the folder of the journal.
var (front, ledger, effects, journal) = (args[0], args[1], args[2], args[3]);
var description = PeregrineServer.CreateBuilder("once", "1.0").AddTools(new EffectTools(new EffectFile(effects)));
if (ledger != "memory")
{
    // 500 calls a second are more keys in their 300 s than a ledger keeps by default, and a long drill is about other faults.
    description.UseJournal(new JournalOptions { Folder = journal, Policy = ledger == "disk" ? JournalPolicy.Disk : JournalPolicy.Os, Ledger = LedgerLimits.Default with { MaxKeys = 1 << 20 } });
}

if (front == "stdio")
{
    await description.RunStdioAsync();
    return;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
await using var app = builder.Build();
app.Urls.Add("http://127.0.0.1:0");
app.MapPeregrine("/mcp", description.Build());
await app.StartAsync();
Console.WriteLine($"{app.Urls.First()}/mcp");
await Task.Delay(Timeout.Infinite);
