using Peregrine.Integration.MeasuredServer;
using Peregrine.Server;
using Peregrine.Server.Stdio;

// leak: its echo keeps two bytes of each call. listen: it says on standard error what listeners hear that were there before the server.
using var listeners = args is ["listen"] ? new Listeners() : null;
await PeregrineServer.CreateBuilder("measured", "1.0").AddTools(new MeasuredTools(args is ["leak"])).RunStdioAsync();
