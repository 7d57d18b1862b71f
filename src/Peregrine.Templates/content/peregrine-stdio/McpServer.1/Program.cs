using McpServer._1;
using Peregrine.Server;
using Peregrine.Server.Stdio;

await PeregrineServer.CreateBuilder("McpServer.1", "0.1.0").AddTools<DiceTools>().RunStdioAsync();
