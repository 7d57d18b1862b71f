using Peregrine.Integration.PrintingServer;
using Peregrine.Server;
using Peregrine.Server.Stdio;

// What was bound to standard output before the server began must not reach it afterwards either.
var early = Console.Out;
await PeregrineServer.CreateBuilder("printing", "1.0").AddTools(new PrintingTools(early)).RunStdioAsync();
