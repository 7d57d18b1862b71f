using Peregrine.Integration.PrintingServer;
using Peregrine.Server;
using Peregrine.Server.Stdio;

await PeregrineServer.CreateBuilder("printing", "1.0").AddTools(new PrintingTools()).RunStdioAsync();
