using Peregrine.Integration.MeasuredServer;
using Peregrine.Server;
using Peregrine.Server.Stdio;

// leak: its echo keeps two bytes of each call.
await PeregrineServer.CreateBuilder("measured", "1.0").AddTools(new MeasuredTools(args is ["leak"])).RunStdioAsync();
