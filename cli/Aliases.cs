// A verb of the command line; the API's record of that name is written Spec.Api.Command.
global using Command = System.CommandLine.Command;
