global using Sessiond.E2e.Tests.Harness;
global using Sessiond.Pty;
