using Peregrine.Bench.Floors;
using Peregrine.Bench.Floors.Stdio;

if (args is not ["--mode", "pipe" or "thread", "--reply", _])
{
    Console.Error.WriteLine($"usage: StdioFloor --mode pipe|thread --reply 'JSON with {ReplyTemplate.IdPlaceholder} in the place of the id'");
    return 2;
}

var reply = ReplyTemplate.Parse(args[3], "\n");
if (args[1] == "pipe")
    await PipeLoop.RunAsync(reply);
else
    new ThreadLoop(reply).Run();
return 0;
